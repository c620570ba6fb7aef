/**
 * NSE capital-market trading holidays that fall on weekdays, and sessions off the ordinary pattern.
 * 2026: NSE/CMTR/71775 (2025-12-12) with the change of 2026-01-12. 2024 and 2025: NSE lists with their special closures.
 */
export const NSE_HOLIDAYS: ReadonlyMap<string, string> = new Map([
  ['2024-01-22', 'Special holiday (Ayodhya)'],
  ['2024-01-26', 'Republic Day'],
  ['2024-03-08', 'Mahashivratri'],
  ['2024-03-25', 'Holi'],
  ['2024-03-29', 'Good Friday'],
  ['2024-04-11', 'Id-Ul-Fitr'],
  ['2024-04-17', 'Ram Navami'],
  ['2024-05-01', 'Maharashtra Day'],
  ['2024-05-20', 'General Parliamentary Elections'],
  ['2024-06-17', 'Bakri Id'],
  ['2024-07-17', 'Moharram'],
  ['2024-08-15', 'Independence Day'],
  ['2024-10-02', 'Mahatma Gandhi Jayanti'],
  ['2024-11-01', 'Diwali Laxmi Pujan'],
  ['2024-11-15', 'Guru Nanak Jayanti'],
  ['2024-11-20', 'Maharashtra Assembly Elections'],
  ['2024-12-25', 'Christmas'],
  ['2025-02-26', 'Mahashivratri'],
  ['2025-03-14', 'Holi'],
  ['2025-03-31', 'Id-Ul-Fitr'],
  ['2025-04-10', 'Mahavir Jayanti'],
  ['2025-04-14', 'Ambedkar Jayanti'],
  ['2025-04-18', 'Good Friday'],
  ['2025-05-01', 'Maharashtra Day'],
  ['2025-08-15', 'Independence Day'],
  ['2025-08-27', 'Ganesh Chaturthi'],
  ['2025-10-02', 'Gandhi Jayanti / Dussehra'],
  ['2025-10-21', 'Diwali Laxmi Pujan'],
  ['2025-10-22', 'Balipratipada'],
  ['2025-11-05', 'Guru Nanak Jayanti'],
  ['2025-12-25', 'Christmas'],
  ['2026-01-15', 'Municipal Corporation Elections'],
  ['2026-01-26', 'Republic Day'],
  ['2026-03-03', 'Holi'],
  ['2026-03-26', 'Ram Navami'],
  ['2026-03-31', 'Mahavir Jayanti'],
  ['2026-04-03', 'Good Friday'],
  ['2026-04-14', 'Ambedkar Jayanti'],
  ['2026-05-01', 'Maharashtra Day'],
  ['2026-05-28', 'Bakri Id'],
  ['2026-06-26', 'Muharram'],
  ['2026-09-14', 'Ganesh Chaturthi'],
  ['2026-10-02', 'Gandhi Jayanti'],
  ['2026-10-20', 'Dussehra'],
  ['2026-11-10', 'Diwali Balipratipada'],
  ['2026-11-24', 'Guru Nanak Jayanti'],
  ['2026-12-25', 'Christmas'],
]);

export interface SpecialSession {
  readonly kind: string;
  /** Order-entry window before the session, if it has one of its own. */
  readonly preopen: readonly [string, string] | null;
  /** Continuous windows; null = the exchange had fixed the date but its hours are not known here. */
  readonly hours: readonly (readonly [string, string])[] | null;
}

export const NSE_SPECIAL_SESSIONS: ReadonlyMap<string, SpecialSession> = new Map<string, SpecialSession>([
  ['2024-01-20', { kind: 'Saturday full session', preopen: ['09:00', '09:15'], hours: [['09:15', '15:30']] }],
  [
    '2024-03-02',
    {
      kind: 'disaster-recovery switchover',
      preopen: null,
      hours: [
        ['09:15', '10:00'],
        ['11:30', '12:30'],
      ],
    },
  ],
  [
    '2024-05-18',
    {
      kind: 'disaster-recovery switchover',
      preopen: null,
      hours: [
        ['09:15', '10:00'],
        ['11:30', '12:30'],
      ],
    },
  ],
  ['2024-11-01', { kind: 'muhurat trading', preopen: ['17:45', '18:00'], hours: [['18:00', '19:00']] }],
  ['2025-02-01', { kind: 'Union Budget, full session', preopen: ['09:00', '09:15'], hours: [['09:15', '15:30']] }],
  ['2025-10-21', { kind: 'muhurat trading', preopen: ['13:30', '13:45'], hours: [['13:45', '14:45']] }],
  ['2026-02-01', { kind: 'Union Budget, full session', preopen: ['09:00', '09:15'], hours: [['09:15', '15:30']] }],
  ['2026-11-08', { kind: 'muhurat trading', preopen: null, hours: null }],
]);

/** Years the holiday list covers. Outside them only weekends are known to be closed. */
export const NSE_CALENDAR_YEARS: readonly [number, number] = [2024, 2026];

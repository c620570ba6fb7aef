import type { NoticeKind } from '../settings/stored-settings.ts';

interface Note {
  /** Hz. */
  readonly pitch: number;
  readonly seconds: number;
}

/** Apart by tune, not by loudness: rising for done, falling for refused, repeated for urgent. */
const TUNES: Readonly<Record<NoticeKind, readonly Note[]>> = {
  fill: [
    { pitch: 660, seconds: 0.09 },
    { pitch: 880, seconds: 0.12 },
  ],
  refusal: [
    { pitch: 520, seconds: 0.12 },
    { pitch: 390, seconds: 0.18 },
  ],
  warning: [{ pitch: 740, seconds: 0.2 }],
  critical: [
    { pitch: 740, seconds: 0.14 },
    { pitch: 740, seconds: 0.14 },
    { pitch: 740, seconds: 0.22 },
  ],
};
const GAP_SECONDS = 0.05;
/** A gain of 1 is as loud as the system allows; half of that is already unpleasant on headphones. */
const LOUDEST = 0.4;

let context: AudioContext | null = null;

/** False where the system has no sound, or gives none before the first click. */
export async function playTune(kind: NoticeKind, volume: number): Promise<boolean> {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') await context.resume();
    if (context.state !== 'running') return false;
    let at = context.currentTime + 0.01;
    for (const { pitch, seconds } of TUNES[kind]) {
      const tone = context.createOscillator();
      const level = context.createGain();
      tone.frequency.value = pitch;
      // Up and down within 10 ms: a hard edge clicks.
      level.gain.setValueAtTime(0, at);
      level.gain.linearRampToValueAtTime(volume * LOUDEST, at + 0.01);
      level.gain.setValueAtTime(volume * LOUDEST, at + seconds - 0.01);
      level.gain.linearRampToValueAtTime(0, at + seconds);
      tone.connect(level).connect(context.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds + GAP_SECONDS;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * Exact sums and products of decimal strings, for figures that the window derives from what the user types
 * (the notional beside the quantity) and for comparing two prices. Everything else arrives computed.
 */
interface Scaled {
  readonly units: bigint;
  readonly digits: number;
}

const PLAIN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/;

export function isDecimalText(text: string): boolean {
  return PLAIN.test(text);
}

function read(text: string): Scaled | null {
  if (!PLAIN.test(text)) return null;
  const point = text.indexOf('.');
  const digits = point < 0 ? 0 : text.length - point - 1;
  return { units: BigInt(text.replace('.', '').replace(/^\+/, '')), digits };
}

function write({ units, digits }: Scaled): string {
  const negative = units < 0n;
  const all = (negative ? -units : units).toString().padStart(digits + 1, '0');
  const whole = all.slice(0, all.length - digits);
  const fraction = digits === 0 ? '' : `.${all.slice(all.length - digits)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

function align(a: Scaled, b: Scaled): [bigint, bigint, number] {
  const digits = Math.max(a.digits, b.digits);
  return [a.units * 10n ** BigInt(digits - a.digits), b.units * 10n ** BigInt(digits - b.digits), digits];
}

/** a x b, or null when one is not a plain decimal. */
export function times(a: string, b: string): string | null {
  const left = read(a);
  const right = read(b);
  return left === null || right === null
    ? null
    : write({ units: left.units * right.units, digits: left.digits + right.digits });
}

export function plus(a: string, b: string): string | null {
  const left = read(a);
  const right = read(b);
  if (left === null || right === null) return null;
  const [x, y, digits] = align(left, right);
  return write({ units: x + y, digits });
}

/** Negative, zero or positive like a - b; null when one is not a plain decimal. */
export function compare(a: string, b: string): number | null {
  const left = read(a);
  const right = read(b);
  if (left === null || right === null) return null;
  const [x, y] = align(left, right);
  return x === y ? 0 : x < y ? -1 : 1;
}

export function negate(text: string): string {
  if (signOf(text) === 0) return text;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

/** -1, 0 or 1 of a decimal string, read off its characters. */
export function signOf(text: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}

/** Nearest multiple of `tick` to a price that came from a screen position (never from money). */
export function snapToTick(price: number, tick: string): string | null {
  const step = read(tick);
  if (step === null || step.units <= 0n || !Number.isFinite(price)) return null;
  const steps = Math.round((price * 10 ** step.digits) / Number(step.units));
  return write({ units: BigInt(steps) * step.units, digits: step.digits });
}

/** Drops zeros behind the last significant digit of the fraction: "0.50000" is "0.5". */
export function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** What a person types or pastes: "1,00,000", "1.5k", "2 cr", "−5". Null when it is no number. */
export function readTyped(input: string): string | null {
  const text = input
    .trim()
    .replaceAll('−', '-')
    .replaceAll(/[,\s_]/g, '')
    .toLowerCase();
  const match = /^([-+]?(?:\d+(?:\.\d*)?|\.\d+))(k|m|l|lakh|cr|crore)?$/.exec(text);
  const plain = match?.[1];
  if (plain === undefined) return null;
  const scale = { k: '1000', m: '1000000', l: '100000', lakh: '100000', cr: '10000000', crore: '10000000' } as const;
  const suffix = match?.[2];
  const value = suffix === undefined ? plain : times(plain, scale[suffix as keyof typeof scale]);
  if (value === null) return null;
  const exact = plus(value, '0');
  return exact === null ? null : suffix === undefined ? exact : trimZeros(exact);
}

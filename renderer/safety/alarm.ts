const EVERY_MS = 2_000;
const BEEP_SECONDS = 0.25;

/** A tone every two seconds until the returned function is called. Silent where the system has no sound. */
export function soundAlarm(): () => void {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    return () => {};
  }
  const beep = () => {
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.type = 'square';
    tone.frequency.value = 660;
    level.gain.value = 0.08;
    tone.connect(level).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + BEEP_SECONDS);
  };
  beep();
  const timer = setInterval(beep, EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

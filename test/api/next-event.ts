/** The next event of a stream that must not have ended. */
export async function nextEvent<T>(stream: AsyncIterator<T>): Promise<T> {
  const result = await stream.next();
  if (result.done === true) throw new Error('the stream ended');
  return result.value;
}

/** The results of `map` in the order of `inputs`, at most `ahead` of them under way at a time. The first failure ends it. */
export async function* mapAhead<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  ahead: number,
  map: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const input of inputs) {
    const result = map(input);
    // Somebody awaits it later, or nobody does because an earlier one failed: neither may end the process.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= ahead) yield (await underWay.shift()) as R;
  }
  for (const result of underWay) yield await result;
}

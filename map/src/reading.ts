// Reads for components: what was read stays on the page while it is read again.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Ask } from './ask';
import type { Operation } from './operation';
import { sentenceOf, Unreachable } from './problem';

export interface Reading<Data> {
  readonly data: Data | null;
  readonly problem: string | null;
  /** Read again, after the read that is on its way. */
  readonly again: () => void;
}

const RETRY = 5_000;
/** So many at most in a row of events: the first at once, then one after each of these pauses. */
const PAUSE = 250;

const problemOf = (error: unknown) =>
  sentenceOf(error) + (error instanceof Unreachable ? ' This page tries again by itself.' : '');

/** Reads when operation, variables or `epoch` change; nothing while `variables` is null. */
export function useReading<Data, Variables>(
  ask: Ask,
  operation: Operation<Data, Variables>,
  variables: Variables | null,
  epoch: unknown = 0,
): Reading<Data> {
  const key = variables && JSON.stringify([operation.id, variables, epoch]);
  const [found, setFound] = useState<{ key: string | null; data: Data | null; problem: string | null }>();
  const again = useRef(() => {});

  useEffect(() => {
    if (key === null) return;
    let over = false;
    let reading = false;
    let wanted = false;
    let timer: ReturnType<typeof setTimeout>;
    const read = async () => {
      clearTimeout(timer);
      if (reading) return void (wanted = true);
      reading = true;
      wanted = false;
      try {
        const data = await ask(operation, variables!);
        if (!over) setFound({ key, data, problem: null });
      } catch (error) {
        if (over) return;
        setFound((before) => ({ key, data: before?.key === key ? before.data : null, problem: problemOf(error) }));
        timer = setTimeout(read, RETRY);
      } finally {
        reading = false;
        if (wanted && !over) {
          clearTimeout(timer);
          timer = setTimeout(read, PAUSE);
        }
      }
    };
    again.current = read;
    void read();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key, ask]);

  const current = found?.key === key ? found : null;
  return {
    data: current?.data ?? null,
    problem: current?.problem ?? null,
    again: useCallback(() => again.current(), []),
  };
}

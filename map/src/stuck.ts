// Who is stuck: somebody who could go on and has not for a while.
import type { ToolStateFragment } from './graph';
import { standingOf } from './standing';

/** After so many days without a change anywhere, whatever is open or in progress is what somebody is stuck on. */
export const STUCK_DAYS = 14;

/** The tools that somebody could work on; none while they have worked on anything lately. */
export function stuckOn(tools: readonly ToolStateFragment[], now: number = Date.now()): ToolStateFragment[] {
  const times = tools.flatMap(({ progress }) => [progress.lastAccessedAt, progress.unlockedAt]).filter((at) => at !== null);
  const last = Math.max(...times.map((at) => Date.parse(at)), 0);
  if (now - last < STUCK_DAYS * 86_400_000) return [];
  return tools.filter((state) => ['open', 'progress'].includes(standingOf(state)));
}

// Simple answers as text that can be typed, and back.
import type { QuestionType } from './graph';

const isText = (value: unknown): value is string => typeof value === 'string';
/** An entry of several lines would come back as several entries. */
const isLine = (value: unknown): value is string => isText(value) && !/[\r\n]/.test(value);

/** The text to edit an answer with; null for one that has parts, which is not edited here. */
export function editable(type: QuestionType, value: unknown): string | null {
  const none = value === null || value === undefined;
  switch (type) {
    case 'TEXT':
      return none ? '' : isText(value) ? value : null;
    case 'NUMBER':
    case 'RATING':
      return none ? '' : typeof value === 'number' ? String(value) : null;
    case 'LIST':
      return none ? '' : Array.isArray(value) && value.every(isLine) ? value.join('\n') : null;
    case 'COMPOUND':
      return null;
  }
}

/** What the text means; blank clears. What is no number is sent as it is: the server says what is wrong with it. */
export function meant(type: QuestionType, text: string): unknown {
  const trimmed = text.trim();
  if (!trimmed) return null;
  if (type === 'TEXT') return text;
  if (type === 'LIST') return text.split('\n').map((line) => line.trim()).filter(Boolean);
  // 1,5 is one and a half where people write so; 1,500 may be one and a half or fifteen hundred, and is left to them.
  const number = Number(/^-?\d+,\d{1,2}$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

export const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

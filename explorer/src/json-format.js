// GraphiQL formats variables with Prettier's JavaScript plugins (half a megabyte).
// This plugin gives Prettier the same "jsonc" parser from jsonc-parser, which is here anyway.
import { applyEdits, format } from 'jsonc-parser';

export const parsers = {
  jsonc: {
    astFormat: 'jsonc-text',
    parse: (text) => ({ text }),
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
  },
};

export const printers = {
  'jsonc-text': {
    print: ({ node: { text } }) =>
      applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2, insertFinalNewline: true })),
  },
};

// Monaco comes first and statically: GraphiQL would import it lazily, and esbuild does
// not load the style sheet of a lazy chunk.
import 'monaco-graphql/esm/monaco-editor.js';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQLInterface } from 'graphiql';
import { GraphiQLProvider, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { Bar } from './bar.jsx';
import { useSession } from './session.js';

const root = document.getElementById('root');
const { editorWorker, graphqlWorker, jsonWorker } = root.dataset;
const workers = { graphql: graphqlWorker, json: jsonWorker };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(workers[label] ?? editorWorker, { type: 'module' }),
};

const WELCOME = `# Welcome! This asks for Pricing and all it builds on.
# Sign in at the top, then press the pink button.
# "Examples" has more queries to try.
# The book on the left explains every field.
${EXAMPLES[0].query.replace(/^#.*\n/, '')}`;

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];

/** GraphiQL uses its default text for the first tab only; this gives it to the "+" tabs too. */
function Greeter() {
  const { updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, isNew } = useGraphiQL(({ queryEditor, tabs, activeTabIndex }) => ({
    queryEditor,
    isNew: tabs[activeTabIndex]?.query === null,
  }));
  useEffect(() => {
    if (!isNew || !queryEditor) return;
    queryEditor.setValue(WELCOME);
    updateActiveTabValues({ query: WELCOME });
  }, [isNew, queryEditor, updateActiveTabValues]);
}

function Page() {
  const session = useSession();
  return (
    <GraphiQLProvider
      fetcher={session.send}
      defaultQuery={WELCOME}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
    >
      <HistoryStore>
        <DocExplorerStore>
          <Bar session={session} />
          <Greeter />
          <main>
            {/* No headers tab: history would keep a pasted token in localStorage. */}
            <GraphiQLInterface
              defaultEditorToolsVisibility="variables"
              isHeadersEditorEnabled={false}
              showPersistHeadersSettings={false}
            />
          </main>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

createRoot(root).render(<Page />);

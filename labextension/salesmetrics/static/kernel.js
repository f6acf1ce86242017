// What is asked of the kernel before anything runs: which cells are the lesson's own. Nothing beside the notebook is
// imported for it, since a pandas.py there could be anything.
const hex = (text) => Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
const ASK = `
def _salesmetrics_plan(asked):
    import os, sys
    kept, here = sys.path[:], os.path.realpath(".")
    sys.path[:] = [place for place in kept if os.path.realpath(place or ".") != here]
    try:
        from salesmetrics.exercises.cells_to_run import answer
        return answer(bytes.fromhex(asked).decode())
    finally:
        sys.path[:] = kept
`;

// Gives what cells_to_run.py says, or {error} with the name and the words of what Python raised.
export async function plan(kernel, asked) {
  const expression = `_salesmetrics_plan("${hex(JSON.stringify(asked))}")`;
  const fixed = { silent: true, store_history: false };
  const future = kernel.requestExecute({ ...fixed, code: ASK, user_expressions: { plan: expression } });
  const { content } = await future.done;
  // JupyterLite's kernel knows no user expressions: there it is the result of a line that belongs to no cell.
  const found = content.user_expressions?.plan ?? (content.status === "ok" ? await result(kernel, expression) : content);
  if (found.status !== "ok") return { error: found.ename ?? found.status, reason: found.evalue ?? "" };
  return JSON.parse(found.data["text/plain"].slice(1, -1).replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}

async function result(kernel, code) {
  const future = kernel.requestExecute({ code, store_history: false });
  let data;
  future.onIOPub = ({ content }) => (data = content.data ?? data);
  const { content } = await future.done;
  return { ...content, data };
}

// A place that shows somebody's own deals: it asks the kernel for them, and no state that Jupyter could store holds them.
const SHARED = Symbol.for("salesmetrics.travelling");

// One list and one order per notebook, whichever of its screens a message comes through.
const travelling = (manager) => (manager[SHARED] ??= { comms: new Map(), order: Promise.resolve() });

const inOrder = (manager, step) => {
  const shared = travelling(manager);
  shared.order = shared.order.then(step).catch((error) => console.error(error));
};

function put(state, paths, buffers) {
  paths.forEach((path, at) => {
    const last = path.at(-1);
    const place = path.slice(0, -1).reduce((holder, key) => holder[key], state);
    place[last] = buffers[at];
  });
}

// What a widget takes for its connection to the kernel.
function connection(id, screen) {
  const heard = {};
  return {
    comm_id: id,
    target_name: "jupyter.widget",
    on_msg: (listener) => (heard.message = listener),
    on_close: (listener) => (heard.close = listener),
    send: (data, callbacks, _metadata, buffers) => screen.send({ to: id, data }, callbacks, buffers),
    close() {},
    hear: (data, buffers) => heard.message?.({ content: { comm_id: id, data }, buffers: buffers ?? [] }),
    end: () => heard.close?.({ content: { comm_id: id, data: {} } }),
  };
}

async function open(screen, { open: id, state, paths }, buffers) {
  const manager = screen.widget_manager;
  const { comms } = travelling(manager);
  if (comms.has(id)) return;
  const comm = connection(id, screen);
  comms.set(id, comm);
  put(state, paths, buffers);
  const kind = {
    model_name: state._model_name,
    model_module: state._model_module,
    model_module_version: state._model_module_version,
  };
  const model = await manager.new_model({ ...kind, model_id: id, comm }, state);
  // What Jupyter stores of it.
  model.get_state = () => ({});
}

function initialize({ model: screen }) {
  const manager = screen.widget_manager;
  screen.on("msg:custom", (content, buffers) => {
    if (content.open) inOrder(manager, () => open(screen, content, buffers));
    if (content.data) inOrder(manager, () => void travelling(manager).comms.get(content.to)?.hear(content.data, buffers));
    if (content.closed) inOrder(manager, () => travelling(manager).comms.get(content.to)?.end());
  });
}

async function place(el, manager, id) {
  const view = await manager.create_view(await manager.get_model(id));
  const widget = view.luminoWidget ?? view.pWidget;
  // Jupyter's widgets finish themselves when they hear that they are on the page.
  widget.processMessage({ type: "before-attach" });
  el.replaceChildren(view.el);
  widget.processMessage({ type: "after-attach" });
}

async function draw(el, manager, data) {
  const shows = manager.rendermime;
  const type = shows?.preferredMimeType(data, "any");
  if (type) {
    const renderer = shows.createRenderer(type);
    await renderer.renderModel(shows.createModel({ data, metadata: {}, trusted: true }));
    el.replaceChildren(renderer.node);
    return;
  }
  const picture = ["image/png", "image/jpeg"].find((kind) => kind in data);
  const made = document.createElement(picture ? "img" : "text/html" in data ? "div" : "pre");
  if (picture) made.src = `data:${picture};base64,${data[picture]}`;
  else if ("text/html" in data) made.innerHTML = data["text/html"];
  else made.textContent = data["text/plain"];
  el.replaceChildren(made);
}

function render({ model: screen, el }) {
  const manager = screen.widget_manager;
  screen.on("msg:custom", ({ show }) => {
    if (show?.model) inOrder(manager, () => place(el, manager, show.model));
    if (show?.bundle) inOrder(manager, () => draw(el, manager, show.bundle));
  });
  screen.send({ ask: true });
}

export default { initialize, render };

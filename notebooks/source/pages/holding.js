// What one takes hold of in a picture: the kit's own layer over it, which asks where to, and is told by what was packed.
const WAYS = { "1,0": 0, "-1,0": 1, "0,1": 2, "0,-1": 3 };

function holding(stage, { about, handles, where, stateOf, go }) {
  if (!about.handles.length) return () => {};
  const spot = (handle, at) => handles.places[handles.spots[handle][at]];
  // Where the levers of a handle lead while the others stand: the state whose place is nearest to the hand.
  const nearest = (handle, x, y) => {
    let reached = [where()];
    for (const lever of about.handles[handle].levers) {
      reached = reached.flatMap((at) => about.levers[lever].texts.map((_text, to) => at.map((stands, which) => (which === lever ? to : stands))));
    }
    let best = Infinity;
    let found = where();
    for (const at of reached) {
      const there = spot(handle, stateOf(at));
      const away = there ? Math.hypot(there[0] - x, there[1] - y) : Infinity;
      if (away < best) [best, found] = [away, at];
    }
    return stateOf(found);
  };
  const take = ({ handle, how, x, y }) => {
    const at = stateOf(where());
    go(how === "to" ? nearest(handle, x, y) : at + handles.moves[handle][WAYS[`${x},${y}`]][at]);
  };
  const model = side({ handles: about.handles.map(({ held }) => held), spots: [] }, take);
  model.on("change:wanted", () => take(model.get("wanted")));
  const layer = picture.grip(model, stage, stage);
  return (at, drawn) => {
    layer.fit(drawn);
    model.set("spots", about.handles.map((_held, handle) => spot(handle, at)));
    layer.place(model.get("spots"));
  };
}

// “Play this quarter”: the quarters that the kit dealt for each state, one after another onto the kit's own pile.
function playing(place, { dealt, say, write }) {
  const { order } = dealt;
  // Where each screen begins nobody knows, so that a room full of them plays as many quarters.
  let next = Math.floor(Math.random() * order.length);
  let quarters;
  let at = 0;
  const spread = (values, times) => values.flatMap((value, which) => Array(times[which]).fill(value));
  const model = side({ words: say.words, pile: [], last: -1, chance: 0, sentence: "" }, ({ do: what }) => {
    if (what === "clear") return clear();
    const pile = [...model.get("pile")];
    const played = () => pile.reduce((sum, bin) => sum + bin, 0);
    const left = order.length - played();
    if (!left) {
      model.set("sentence", filled(say.all_played, { count: write.number(order.length) }));
      return;
    }
    quarters ??= deal();
    const now = Array.from({ length: Math.min(say.steps[what], left) }, () => quarters[order[next++ % order.length]]);
    for (const { bin } of now) pile[bin] += 1;
    model.set("last", now.at(-1).bin);
    model.set("pile", pile);
    model.set("sentence", told(now, pile, played()));
  });
  const reaches = (bin) => bin >= model.get("pile").length / 2;
  const deal = () => {
    let revenue = 0;
    const revenues = spread(dealt.revenues[at].map((more) => (revenue += more)), dealt.times[at]);
    const bins = spread([...dealt.bins[at].keys()], dealt.bins[at]);
    return revenues.map((each, which) => ({ revenue: each, bin: bins[which] }));
  };
  const told = (now, pile, played) => {
    const reached = now.filter(({ bin }) => reaches(bin)).length;
    const made = pile.filter((_quarters, bin) => reaches(bin)).reduce((sum, bin) => sum + bin, 0);
    const last = now.length > 1 ? say.year : reached ? say.reached : say.missed;
    return filled(`${last} ${say.played[Number(played > 1)]}`, {
      revenue: write.written(now[0].revenue, "€"),
      reached: write.number(reached),
      quarters: write.number(now.length),
      played: write.number(played),
      made: write.number(made),
      share: `${write.number((made / played) * 100)}%`,
      chance: dealt.chances[at][1],
    });
  };
  const clear = () => {
    model.set("last", -1);
    model.set("pile", dealt.bins[at].map(() => 0));
    model.set("sentence", "");
  };
  const follow = (to) => {
    at = to;
    quarters = undefined;
    model.set("chance", dealt.chances[at][0]);
    clear();
  };
  follow(at);
  play.render({ model, el: place });
  return follow;
}

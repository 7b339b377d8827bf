// What is wrong with the page that is open, at the size at which it is open: a list of words each.
// The developer tools put it there, after axe; the page's own policy forbids foreign scripts.

window.fitness = (() => {
  const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const LAWS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const CHINESE = /[\u4e00-\u9fff]/;

  const all = (selector) => [...document.querySelectorAll(selector)];
  const call = (el) => {
    const words = el.getAttribute("aria-label") || el.innerText || el.name || el.className || "";
    return `${el.localName} “${String(words).trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  };
  const isSeen = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const usable = () => all(TARGETS).filter((el) => isSeen(el) && !el.disabled);

  // What a finger or an eye takes for the control: the drawn label stands for a hidden box.
  const faces = (el) => [el, ...(el.labels ?? []), ...all("summary").filter((each) => each === el)];
  function frame(el) {
    const boxes = faces(el).map((each) => each.getBoundingClientRect());
    return {
      left: Math.min(...boxes.map((box) => box.left)),
      right: Math.max(...boxes.map((box) => box.right)),
      top: Math.min(...boxes.map((box) => box.top)),
      bottom: Math.max(...boxes.map((box) => box.bottom)),
    };
  }
  const width = (box) => box.right - box.left;
  const height = (box) => box.bottom - box.top;

  // A link in a running sentence is as high as its line; that is allowed.
  function isInSentence(el) {
    if (getComputedStyle(el).display !== "inline") return false;
    const around = el.closest("p, li, dd, td, span, div");
    return around !== el && around.innerText.trim().length > el.innerText.trim().length;
  }
  // Neither the skip link before it has the focus, nor a box that only its label shows.
  const isAway = (el) => {
    const style = getComputedStyle(el);
    return style.clipPath !== "none" || el.matches(".sr-only");
  };

  const targets = () => usable().filter((el) => !isAway(el) && !isInSentence(el));

  // A finger that misses the drawing may still hit what lies around it.
  function isHit(el, least) {
    el.scrollIntoView({ block: "center", inline: "center" });
    const box = frame(el);
    const x = (box.left + box.right) / 2;
    const y = (box.top + box.bottom) / 2;
    const reach = least / 2 - 0.5;
    const around = [[-reach, 0], [reach, 0], [0, -reach], [0, reach]];
    return around.every(([dx, dy]) => {
      const found = document.elementFromPoint(x + dx, y + dy);
      return found && faces(el).some((face) => face.contains(found));
    });
  }

  function small(least) {
    document.activeElement?.blur();
    return targets()
      .filter((el) => Math.min(width(frame(el)), height(frame(el))) < least - 0.5 && !isHit(el, least))
      .map((el) => `${call(el)} is ${Math.round(width(frame(el)))} × ${Math.round(height(frame(el)))} px`);
  }

  // What is pinned to the screen stands over the page; how near it is depends on the scrolling.
  function pin(el) {
    for (let each = el; each; each = each.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(each).position)) return each;
    }
    return null;
  }

  // Two targets for one thumb, too near to each other.
  function near(least) {
    const boxes = targets().map((el) => [el, frame(el)]);
    const faults = [];
    boxes.forEach(([el, a], place) => {
      for (const [other, b] of boxes.slice(place + 1)) {
        if (pin(el) !== pin(other)) continue;
        const across = Math.max(a.left - b.right, b.left - a.right);
        const down = Math.max(a.top - b.bottom, b.top - a.bottom);
        const gap = Math.max(across, down);
        if (gap >= 0 && gap < least - 0.5) faults.push(`${call(el)} is ${gap} px from ${call(other)}`);
      }
    });
    return faults;
  }

  const shape = (el) =>
    [...faces(el), el.parentElement, el.nextElementSibling, el.parentElement?.parentElement]
      .filter(Boolean)
      .map((each) => getComputedStyle(each))
      .map((style) => [style.outlineStyle, style.outlineWidth, style.boxShadow, style.clipPath].join())
      .join(";");

  // A button that may not be pressed lets the pointer through to what it stands in.
  const isThrough = (el, found) => getComputedStyle(el).pointerEvents === "none" && found.contains(el);

  function isCovered(el) {
    const box = frame(el);
    const xs = [box.left + 3, (box.left + box.right) / 2, box.right - 3];
    const ys = [box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3];
    return !xs.some((x) =>
      ys.some((y) => {
        const found = document.elementFromPoint(x, y);
        return found && faces(el).some((face) => face.contains(found) || isThrough(el, found));
      }),
    );
  }

  // Walks the focus over the page, as the Tab key does: it shows, and nothing lies over it.
  // The browser draws it only for who uses the keys; so Tab has been pressed once before.
  function lost() {
    const faults = [];
    for (const el of usable().filter((each) => each.tabIndex >= 0)) {
      document.activeElement?.blur();
      const before = shape(el);
      el.focus();
      if (document.activeElement !== el) continue;
      if (shape(el) === before) faults.push(`${call(el)} does not show its focus`);
      else if (isCovered(el)) faults.push(`${call(el)} has the focus under something`);
    }
    document.activeElement?.blur();
    return faults;
  }

  function wide() {
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return over > 0 ? [`scrolls by ${over} px to the side`] : [];
  }

  // A column with a letter or two a line, and a box that must be pushed to the side to be read.
  const TO_THE_SIDE = ".scroll-x, .bd-scroll, .wk-scroll, .tabs, .lanes, .rec-steps ol, textarea, input, select, pre";
  function squeezed() {
    const cells = all("main :is(td, th)").filter((el) => isSeen(el) && isThin(el));
    const boxes = all("main *").filter((el) => isSeen(el) && !el.matches(TO_THE_SIDE) && isPushed(el));
    const buttons = all("main .scroll-x .table .btn").filter((el) => isSeen(el) && isBeside(el));
    return [
      ...buttons.map((el) => `${call(el)} is hidden at the side`),
      ...cells.map((el) => `${call(el)} is squeezed`),
      ...boxes.map((el) => `${call(el)} is read only by pushing it`),
    ];
  }
  function isThin(el) {
    const style = getComputedStyle(el);
    const inside = el.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const letter = parseFloat(style.fontSize);
    return el.innerText.trim().length > 4 && inside < 2.5 * letter && el.clientHeight > 5 * letter;
  }
  // The walk of the focus may have pushed the box.
  function isBeside(el) {
    const box = el.closest(".scroll-x");
    return el.getBoundingClientRect().right + box.scrollLeft > box.getBoundingClientRect().right + 1;
  }
  const isPushed = (el) =>
    ["auto", "scroll"].includes(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth + 1;

  // Chinese stands upright; where it runs over several lines, they are high enough.
  function crooked(el) {
    const style = getComputedStyle(el);
    if (style.fontStyle !== "normal") return [`${call(el)} leans`];
    const line = parseFloat(style.lineHeight);
    const isWrapped = el.getBoundingClientRect().height > line * 1.8;
    const ratio = line / parseFloat(style.fontSize);
    const isLow = ratio < (document.documentElement.lang === "en" ? 1.3 : 1.59);
    return isWrapped && isLow ? [`${call(el)} has lines of ${ratio.toFixed(2)}`] : [];
  }

  // The page says in what language it is written: the one that its reader's browser asks for.
  function written() {
    const lang = navigator.language.startsWith("zh") ? "zh-CN" : "en";
    const said = document.documentElement.lang;
    const texts = all("p, dd, blockquote, td, em, i").filter((el) => isSeen(el) && isText(el));
    return [...(said === lang ? [] : [`says that it is “${said}”`]), ...texts.flatMap(crooked)];
  }
  const isText = (el) => !el.querySelector("*") && CHINESE.test(el.innerText);

  const drawn = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));

  async function axe() {
    scrollTo(0, 0);
    await drawn();
    const result = await window.axe.run(document, { runOnly: LAWS, resultTypes: ["violations"] });
    return result.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}` +
        ` (${nodes[0].failureSummary.split("\n").slice(1).join(" ").trim()})`,
    );
  }

  // Everything, at this size and in this theme. A thumb with a glove on needs more than a mouse.
  async function look(theme) {
    document.documentElement.dataset.theme = theme;
    const thumb = document.body.matches(".phone") ? [...small(64), ...near(12)] : small(24);
    return [...(await axe()), ...wide(), ...thumb, ...lost(), ...written()];
  }

  return { look, squeezed, wide };
})();

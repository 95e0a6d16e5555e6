// Search over everything that has a page. The index is a script and is loaded when somebody looks for something.
(function () {
  "use strict";
  var IN_BOX = 4, ON_PAGE = 50; // of a kind; a page of results says how many there are
  var form = document.querySelector("form.search");
  if (!form) return;
  var root = form.dataset.root, box = form.querySelector("input"), list = form.querySelector("[role=listbox]");
  var said = form.querySelector("[role=status]"), results = document.getElementById("results");
  var both = window.page.both, waiting = null, things = null, active = -1;

  function plain(text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }
  function load(then) {
    if (things) return then();
    if (waiting) return waiting.push(then);
    waiting = [then];
    var script = document.createElement("script");
    script.src = root + "assets/search-index.js";
    script.onload = function () {
      things = window.searchIndex.things.map(function (thing, place) {
        return { kind: thing[0], code: thing[1], zh: thing[2], en: thing[3], place: place,
          names: [plain(thing[2]), plain(thing[3])], other: plain(thing[1] + " " + thing[4]) };
      });
      waiting.forEach(function (each) { each(); });
    };
    document.head.appendChild(script);
  }
  // How well a word fits: a code or the start of a name, the start of a word in it, anywhere in it, elsewhere, its
  // characters one after the other; 9 where it does not. Up to three letters are no word within a word: no ‘province’ for ‘inc’.
  function within(text, word) {
    var latin = /^[a-z0-9]/.test(word), at = text.indexOf(word);
    if (at < 0 || !latin) return at < 0 ? 9 : at ? 1 : 0;
    if (at === 0) return 0;
    for (; at > 0; at = text.indexOf(word, at + 1)) if (!/[a-z0-9]/.test(text[at - 1])) return 1;
    return word.length > 3 ? 2 : 9;
  }
  function scattered(text, word) {
    if (word.length < 3 || /[a-z0-9]/.test(word)) return false;
    var at = -1;
    return Array.prototype.every.call(word, function (sign) { return (at = text.indexOf(sign, at + 1)) >= 0; });
  }
  function fit(thing, word) {
    if (plain(thing.code) === word) return 0;
    var best = Math.min.apply(null, thing.names.map(function (name) { return within(name, word); }));
    if ((" " + thing.other).indexOf(" " + word) >= 0) best = Math.min(best, 0.5); // a code, or what it is defined as
    if (best === 9 && within(thing.other, word) < 9) best = 3;
    return best === 9 && scattered(thing.names[0], word) ? 4 : best;
  }
  // By kind: the things that have every word, the best first.
  function find(text) {
    var words = plain(text).split(/\s+/).filter(Boolean), groups = window.searchIndex.kinds.map(function () { return []; });
    if (words.length) things.forEach(function (thing) {
      var fits = words.map(function (word) { return fit(thing, word); });
      if (Math.max.apply(null, fits) < 9)
        groups[thing.kind].push([fits.reduce(function (sum, each) { return sum + each; }, 0), thing]);
    });
    return groups.map(function (group) {
      return group.sort(function (a, b) {
        return a[0] - b[0] || a[1].zh.length - b[1].zh.length || a[1].place - b[1].place;
      }).map(function (each) { return each[1]; });
    });
  }
  function element(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    (children || []).forEach(function (child) { made.append(child); });
    return made;
  }
  function address(thing) {
    var kind = window.searchIndex.kinds[thing.kind];
    return root + kind[0] + thing.code + kind[1];
  }
  function options() { return Array.prototype.slice.call(list.querySelectorAll("[role=option]")); }
  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  }
  function choose(place) {
    active = place;
    box.removeAttribute("aria-activedescendant");
    options().forEach(function (option, at) {
      option.setAttribute("aria-selected", String(at === active));
      if (at !== active) return;
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    });
  }
  function showInBox() {
    var groups = find(box.value), total = 0;
    list.replaceChildren();
    groups.forEach(function (group, kind) {
      total += group.length;
      if (!group.length) return;
      var names = window.searchIndex.kinds[kind], head = "found-" + kind;
      list.append(element("div", { role: "group", "aria-labelledby": head }, [
        element("div", { id: head, class: "kind", role: "presentation" }, both(names[2], names[3]).concat(" " + group.length))
      ].concat(group.slice(0, IN_BOX).map(function (thing, at) {
        return element("a", { role: "option", id: head + "-" + at, href: address(thing), tabindex: "-1", "aria-selected": "false" },
          both(thing.zh, thing.en));
      }))));
    });
    var asked = box.value.trim() !== "";
    said.replaceChildren.apply(said, asked ? both("找到 " + total + " 项", "results: " + total) : []);
    if (asked && total) list.append(element("a", { role: "option", id: "found-all", class: "kind", tabindex: "-1",
      href: root + "search.html?q=" + encodeURIComponent(box.value), "aria-selected": "false" },
      both("全部 " + total + " 项结果", "All " + total + " results")));
    if (asked && !total) list.append(element("p", { class: "note" }, both("没有找到", "Nothing found")));
    choose(-1);
    list.hidden = !asked;
    box.setAttribute("aria-expanded", String(asked && total > 0));
  }
  function showOnPage(text) {
    var groups = find(text);
    results.replaceChildren();
    groups.forEach(function (group, kind) {
      if (!group.length) return;
      var names = window.searchIndex.kinds[kind];
      results.append(element("h2", {}, both(names[2], names[3]).concat(" " + group.length)),
        element("ul", {}, group.slice(0, ON_PAGE).map(function (thing) {
          return element("li", {}, [element("a", { href: address(thing) }, both(thing.zh, thing.en))]);
        })));
      if (group.length > ON_PAGE) results.append(element("p", { class: "note" },
        both("只列前 " + ON_PAGE + " 项，请多输入几个字。", "Showing the first " + ON_PAGE + "; type more to narrow it.")));
    });
    if (text.trim() && !results.children.length) results.append(element("p", {}, both("没有找到。", "Nothing found.")));
  }

  box.addEventListener("focus", function () { load(function () {}); });
  box.addEventListener("input", function () { load(showInBox); });
  box.addEventListener("keydown", function (event) {
    var all = options();
    if (event.isComposing) return; // the keys are those of an input method that offers characters
    if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      if (list.hidden) { list.hidden = false; box.setAttribute("aria-expanded", "true"); }
      var step = event.key === "ArrowDown" ? 1 : -1;
      choose(active < 0 && step < 0 ? all.length - 1 : (active + step + all.length) % all.length);
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) { event.preventDefault(); location.href = all[active].href; }
  });
  form.addEventListener("focusout", function (event) { if (!form.contains(event.relatedTarget)) close(); });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); }); // a click leaves the focus in the box
  if (results) {
    box.value = new URLSearchParams(location.search).get("q") || "";
    if (box.value) load(function () { showOnPage(box.value); });
  }
})();

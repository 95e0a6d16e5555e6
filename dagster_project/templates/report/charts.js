// Draws each chart from the data beside it, and lets a reader take it away; nothing is fetched, no code is made
// from text (`ast`).
(function () {
  "use strict";
  var shapes = {}, language = window.page.language, both = window.page.both;
  document.querySelectorAll("[data-shape]").forEach(function (data) { shapes[data.dataset.shape] = JSON.parse(data.textContent); });

  // A plot per frame: the shape that its kind shares, and its part of the data.
  function draw(figure, own) {
    return Promise.all(Array.prototype.map.call(figure.querySelectorAll(".plot"), function (place, frame) {
      var datasets = {};
      Object.keys(own.datasets).forEach(function (name) {
        datasets[name] = own.datasets[name].filter(function (mark) { return mark.frame === frame; });
      });
      var params = own.params.map(function (param) { return param.name === "lang" ? { name: "lang", value: language() } : param; });
      var spec = Object.assign({}, shapes[own.usermeta.shape], { height: own.height, datasets: datasets, params: params });
      return vegaEmbed(place, spec, { actions: false, renderer: "svg", ast: true, logLevel: 1 }).then(function (drawn) {
        place.firstElementChild.setAttribute("aria-hidden", "true"); // the plot has a name, and the table says the rest
        document.addEventListener("language", function () { drawn.view.signal("lang", language()).runAsync(); });
        return drawn.view;
      });
    }));
  }

  // A finger points at nothing: where it taps, the chart is told what a mouse would tell it; the next tap closes that.
  function tappable() {
    var tapped = null;
    function tell(mark, what, at) { mark.dispatchEvent(new PointerEvent(what, { bubbles: true, clientX: at.clientX, clientY: at.clientY })); }
    document.addEventListener("pointerdown", function (event) {
      if (tapped) tell(tapped, "pointerout", event);
      tapped = null;
    });
    document.querySelectorAll(".plot").forEach(function (place) {
      place.addEventListener("click", function (event) { tell(tapped = event.target, "pointermove", event); });
    });
  }
  tappable();

  // What a chart shows, as rows: of a table, and of a CSV file.
  function rows(own) {
    var said = language(), sets = own.datasets;
    return (sets.marks || (sets.figures || []).concat(sets.targets || [])).map(function (mark) {
      var name = own.usermeta.frames[mark.frame][said] || mark[said];
      if (sets.marks) return { series: mark[said].replace(/\n/g, " "), kind: mark.kind, date: mark.date, to: mark.to || "", count: mark.count || 1, text: mark["tip_" + said].replace(/\n/g, "; ") };
      return { kind: "label_zh" in mark ? "figure" : "target", series: name.replace(/\n/g, " "), period: mark["period_" + said], time_period_end: mark.due || mark.date,
        value: mark.value, lower_bound: bound(mark, "low"), upper_bound: bound(mark, "high"), interval: mark["reach_" + said], value_text: mark.told,
        evidence_and_source: mark["from_" + said], id: mark.row };
    });
  }
  function bound(mark, end) { return mark.fades === { low: "down", high: "up" }[end] ? null : mark[end]; }
  // A spreadsheet would run text that begins like a formula.
  function cell(value) {
    var text = value === null || value === undefined ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csv(own, unit) {
    var all = rows(own), keys = Object.keys(all[0]);
    var lines = [keys.concat(unit ? "unit_measure" : [])].concat(all.map(function (row) {
      return keys.map(function (key) { return row[key]; }).concat(unit || []);
    }));
    return "\ufeff" + lines.map(function (line) { return line.map(cell).join(",") + "\r\n"; }).join("");
  }

  var HEADS = { series: ["序列", "series"], period: ["时期", "period"], value_text: ["原文写法", "as printed"], interval: ["区间", "interval"],
    evidence_and_source: ["依据强弱与出处", "evidence and source"], date: ["日期", "date"], text: ["内容", "what"] };
  function table(own) {
    var all = rows(own), made = document.createElement("table"), head = made.createTHead().insertRow(), body = made.createTBody();
    var keys = Object.keys(HEADS).filter(function (key) { return all.some(function (row) { return row[key]; }); });
    keys.forEach(function (key) {
      var th = document.createElement("th");
      th.scope = "col";
      th.append.apply(th, both(HEADS[key][0], HEADS[key][1]));
      head.append(th);
    });
    all.forEach(function (row) {
      var tr = body.insertRow();
      keys.forEach(function (key) { tr.insertCell().textContent = row[key]; });
    });
    return made;
  }

  // A picture: title, frames with their names, and what stands below, on white.
  function picture(figure, views) {
    return Promise.all(views.map(function (view) { return view.toCanvas(2); })).then(function (drawn) {
      var names = figure.querySelectorAll(".frame p"), across = Math.max(1, Math.min(3, drawn.length)), gap = 32;
      var wide = Math.max.apply(null, drawn.map(function (one) { return one.width; })), high = Math.max.apply(null, drawn.map(function (one) { return one.height; }));
      var canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), width = across * wide + (across + 1) * gap;
      function lines(text, font) {
        var made = [""];
        pen.font = font;
        (text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) || []).forEach(function (word) {
          if (pen.measureText(made[made.length - 1] + word).width > width - 2 * gap) made.push("");
          made[made.length - 1] += word;
        });
        return made;
      }
      var family = getComputedStyle(document.body).fontFamily, bold = "bold 32px " + family, small = "24px " + family;
      var title = lines(figure.querySelector("figcaption").innerText, bold);
      var below = Array.prototype.map.call(figure.querySelectorAll(".below p:not(.sources)"), function (line) { return line.innerText; });
      below.push(cited(figure));
      below = below.reduce(function (all, text) { return all.concat(lines(text, small)); }, []);
      var row = high + (names.length ? 44 : 0), deep = Math.ceil(drawn.length / across) * (row + 20), top = gap + title.length * 42;
      canvas.width = width;
      canvas.height = top + deep + below.length * 34 + gap;
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      function write(all, font, colour, y, step) {
        pen.font = font;
        pen.fillStyle = colour;
        all.forEach(function (line, at) { pen.fillText(line, gap, y + at * step); });
      }
      write(title, bold, "#1d2939", gap + 26, 42);
      drawn.forEach(function (one, at) {
        var x = gap + (at % across) * (wide + gap), y = top + Math.floor(at / across) * (row + 20);
        if (names[at]) {
          pen.font = "bold 26px " + family;
          pen.fillText(names[at].innerText, x, y + 30, wide);
        }
        pen.drawImage(one, x, y + (names.length ? 44 : 0));
      });
      write(below, small, "#475467", top + deep + 24, 34);
      return new Promise(function (done) { canvas.toBlob(done, "image/png"); });
    });
  }

  function cited(figure) {
    var place = figure.querySelector(".citation").cloneNode(true);
    place.querySelectorAll("[lang]").forEach(function (text) { if (text.lang.slice(0, 2) !== language()) text.remove(); });
    return place.textContent + (language() === "en" ? ", " : "，") + window.page.cited(figure.id);
  }
  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  function offer(figure, own, views) {
    var file = figure.id + "_" + (window.build ? window.build.build_id : "");
    var take = {
      png: function () { picture(figure, views).then(function (blob) { save(blob, file + ".png"); }); },
      csv: function () { save(new Blob([csv(own, figure.dataset.unit)], { type: "text/csv" }), file + ".csv"); },
      cite: function () {
        figure.querySelector(".cite-chart").classList.add("told"); // to be seen, and copied by hand where a browser forbids it
        window.page.copy(cited(figure));
      },
      table: function (button) {
        var frames = figure.querySelector(".frames"), shown = button.getAttribute("aria-pressed") === "true", old = figure.querySelector(".wide");
        button.setAttribute("aria-pressed", String(!shown));
        frames.hidden = !shown;
        if (old) old.remove();
        if (!shown) {
          var wide = document.createElement("div");
          wide.className = "wide";
          wide.tabIndex = 0;
          wide.append(table(own));
          frames.after(wide);
        } else window.dispatchEvent(new Event("resize"));
      },
    };
    figure.querySelectorAll(".take button").forEach(function (button) {
      button.addEventListener("click", function () { take[button.dataset.take](button); });
    });
    var link = figure.querySelector("[data-take=link]");
    function address() {
      link.href = "?lang=" + language() + "#" + figure.id;
      var shown = figure.querySelector(".wide");
      if (shown) shown.replaceChildren(table(own));
    }
    address();
    document.addEventListener("language", address);
  }

  // One after the other: the first is there before the last is begun.
  Array.prototype.reduce.call(document.querySelectorAll("[data-chart]"), function (before, data) {
    return before.then(function () {
      var figure = document.getElementById(data.dataset.chart), own = JSON.parse(data.textContent);
      return draw(figure, own).then(function (views) { offer(figure, own, views); });
    });
  }, Promise.resolve());
  // What was folded away had no width.
  function again() { window.dispatchEvent(new Event("resize")); }
  document.querySelectorAll("details").forEach(function (part) { part.addEventListener("toggle", again); });
  window.addEventListener("beforeprint", again);
})();

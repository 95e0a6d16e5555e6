// Language: the reader's last choice, else the browser's. Runs before the page is painted, so nothing flickers.
(function () {
  "use strict";
  var root = document.documentElement, key = "tongcheng-language";
  // A reader's own choice stays; a language that a link asks for holds for the visit. Not every browser keeps either for files.
  function kept() { try { return sessionStorage.getItem(key) || localStorage.getItem(key); } catch (e) { return null; } }
  function keep(store, language) { try { window[store].setItem(key, language); } catch (e) { /* this page alone, then */ } }
  function show(language) {
    root.lang = language;
    document.querySelectorAll("[data-language]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
    document.querySelectorAll("option[data-en]").forEach(function (option) {
      option.textContent = language === "en" ? option.dataset.en : option.dataset.zh;
    });
    document.querySelectorAll("input[data-placeholder-en]").forEach(function (input) {
      input.placeholder = language === "en" ? input.dataset.placeholderEn : input.dataset.placeholderZh;
    });
    document.dispatchEvent(new CustomEvent("language", { detail: language }));
  }
  // The address tells the language and what is filtered, so that a link restores them: ?lang=en&area=510600.
  var address = window.address = {
    get: function (name) { return new URLSearchParams(location.search).get(name) || ""; },
    set: function (name, value) {
      var said = new URLSearchParams(location.search);
      if (value) said.set(name, value); else said.delete(name);
      var query = said.toString();
      try { history.replaceState(null, "", location.pathname + (query ? "?" + query : "") + location.hash); } catch (e) { /* the page works without */ }
    }
  };
  var asked = { zh: "zh-CN", en: "en" }[address.get("lang")];
  if (asked) keep("sessionStorage", asked);
  // What the other scripts of a page share.
  window.page = {
    language: function () { return root.lang === "en" ? "en" : "zh"; },
    both: function (zh, en) { // CSS shows one of them
      return [["zh-CN", zh], ["en", en]].map(function (text) {
        var span = document.createElement("span");
        span.lang = text[0];
        span.textContent = text[1];
        return span;
      });
    },
    copy: function (text) { // not every browser lets a page from disk use the clipboard; all let it copy what is selected
      var field = document.createElement("textarea");
      field.value = text;
      field.className = "unseen";
      document.body.append(field);
      field.select();
      var done = document.execCommand("copy");
      field.remove();
      return done;
    },
    // The address of a part of this page, in the language that is shown.
    here: function (id) {
      var found = new URL(location.href);
      found.searchParams.set("lang", window.page.language());
      found.hash = id || "";
      return found.href;
    },
    // The same for a citation: of a copy on a disk, the place within the report, which every copy has.
    cited: function (id) {
      var full = window.page.here(id);
      if (location.protocol !== "file:") return full;
      return full.slice(new URL(document.querySelector("form.search").dataset.root || ".", location.href).href.length);
    }
  };
  var wanted = asked || kept();
  if (wanted !== "zh-CN" && wanted !== "en") wanted = /^zh/i.test(navigator.language || "") ? "zh-CN" : "en";
  root.classList.add("js");
  root.lang = wanted;
  document.addEventListener("DOMContentLoaded", function () {
    // Which build this is stands in build.js, since a page that does not change is that of an earlier one.
    if (window.build) document.querySelectorAll("[data-build]").forEach(function (place) {
      place.textContent = window.build[place.dataset.build];
    });
    show(wanted);
    // On a phone the row of pages is wider than the screen: the current one comes into sight.
    var here = document.querySelector(".top nav [aria-current]");
    if (here) {
      var row = here.closest("ul"), beyond = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
      if (beyond > 0) row.scrollLeft += beyond + 16;
    }
    document.querySelectorAll("[data-language]").forEach(function (button) {
      button.addEventListener("click", function () {
        keep("sessionStorage", button.dataset.language);
        keep("localStorage", button.dataset.language);
        show(button.dataset.language);
        address.set("lang", button.dataset.language.slice(0, 2));
      });
    });
    // On a phone each row of a table is a card: its cells carry the heads of their columns.
    document.querySelectorAll("table:not(.heat)").forEach(function (table) {
      var heads = Array.prototype.map.call(table.querySelectorAll("thead th"), function (head) {
        var zh = head.querySelector("[lang=zh-CN]"), en = head.querySelector("[lang=en]");
        return [(zh || head).textContent, (en || head).textContent];
      });
      if (!heads.length) return;
      table.classList.add("stack");
      table.querySelectorAll("tbody tr").forEach(function (row) {
        var at = heads.length; // from the right: a cell that spans rows stands in the first of them only
        Array.prototype.slice.call(row.cells).reverse().forEach(function (cell) {
          at -= cell.colSpan;
          if (cell.tagName === "TH" || cell.colSpan > 1 || !heads[at]) return;
          cell.dataset.zh = heads[at][0];
          cell.dataset.en = heads[at][1];
        });
      });
    });
    // What a phone has no room for is a tap away.
    if (window.matchMedia("(max-width: 37.5rem)").matches) document.querySelectorAll("details[data-roomy]").forEach(function (part) {
      part.open = false;
    });
    // Lists with filters: a row is shown when it has every chosen value.
    document.querySelectorAll("form.filters").forEach(function (form) {
      var rows = document.querySelectorAll(form.dataset.rows), groups = document.querySelectorAll("[data-group]");
      var told = form.querySelector("output");
      var selects = form.querySelectorAll("select");
      selects.forEach(function (select) {
        select.value = address.get(select.name);
        if (select.selectedIndex < 0) select.value = ""; // an address that asks for what is not there
      });
      function apply() {
        var shown = 0, all = 0, chosen = Array.prototype.some.call(selects, function (select) { return select.value; });
        rows.forEach(function (row) {
          var fits = Array.prototype.every.call(selects, function (select) {
            return !select.value || (" " + row.dataset[select.name] + " ").indexOf(" " + select.value + " ") >= 0;
          });
          row.hidden = !fits;
          if ("aside" in row.dataset) return; // an earlier version of what is counted elsewhere
          all += 1;
          shown += fits ? 1 : 0;
        });
        groups.forEach(function (group) {
          group.hidden = !group.querySelector("[data-row]:not([hidden])");
          if (chosen && group.tagName === "DETAILS") group.open = true; // what was asked for is not left folded
          var count = group.querySelector("[data-count]");
          if (!count) return;
          count.dataset.all = count.dataset.all || count.textContent; // a list may be cut
          count.textContent = chosen ? group.querySelectorAll("[data-row]:not([hidden]):not([data-aside])").length : count.dataset.all;
        });
        told.textContent = shown + " / " + all;
      }
      form.addEventListener("change", function (event) {
        address.set(event.target.name, event.target.value);
        apply();
      });
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      apply();
    });
  });
  // A link to a line or a part of the tree opens what it is folded in.
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target) target.scrollIntoView();
    // A list that goes on elsewhere: what this page does not have is there.
    var further = document.querySelector("a[data-further]");
    if (!target && location.hash && further) location.replace(further.href + location.search + location.hash);
  }
  window.addEventListener("hashchange", unfold);
  window.addEventListener("load", unfold);
})();

// Language: the reader's last choice, else the browser's. Runs before the page is painted, so nothing flickers.
(function () {
  "use strict";
  var root = document.documentElement, key = "tongcheng-language";
  function kept() { try { return localStorage.getItem(key); } catch (e) { return null; } } // not every browser keeps it for files
  function keep(language) { try { localStorage.setItem(key, language); } catch (e) { /* this page alone, then */ } }
  function show(language) {
    root.lang = language;
    document.querySelectorAll("[data-language]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
    document.querySelectorAll("option[data-en]").forEach(function (option) {
      option.textContent = language === "en" ? option.dataset.en : option.dataset.zh;
    });
    document.dispatchEvent(new CustomEvent("language", { detail: language }));
  }
  var wanted = kept();
  if (wanted !== "zh-CN" && wanted !== "en") wanted = /^zh/i.test(navigator.language || "") ? "zh-CN" : "en";
  root.classList.add("js");
  root.lang = wanted;
  document.addEventListener("DOMContentLoaded", function () {
    // Which build this is stands in build.js, since a page that does not change is that of an earlier one.
    if (window.build) document.querySelectorAll("[data-build]").forEach(function (place) {
      place.textContent = window.build[place.dataset.build];
    });
    show(wanted);
    document.querySelectorAll("[data-language]").forEach(function (button) {
      button.addEventListener("click", function () { keep(button.dataset.language); show(button.dataset.language); });
    });
    // Lists with filters: a row is shown when it has every chosen value.
    document.querySelectorAll("form.filters").forEach(function (form) {
      var rows = document.querySelectorAll(form.dataset.rows), groups = document.querySelectorAll("[data-group]");
      var told = form.querySelector("output");
      function apply() {
        var shown = 0;
        rows.forEach(function (row) {
          var fits = Array.prototype.every.call(form.querySelectorAll("select"), function (select) {
            return !select.value || (" " + row.dataset[select.name] + " ").indexOf(" " + select.value + " ") >= 0;
          });
          row.hidden = !fits;
          shown += fits ? 1 : 0;
        });
        groups.forEach(function (group) { group.hidden = !group.querySelector("[data-row]:not([hidden])"); });
        told.textContent = shown + " / " + rows.length;
      }
      form.addEventListener("change", apply);
      form.addEventListener("submit", function (event) { event.preventDefault(); });
      apply();
    });
  });
  // A link to a line or a part of the tree opens what it is folded in.
  function unfold() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target) target.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  window.addEventListener("load", unfold);
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (details) { details.open = true; });
  });
})();

// Draws each chart from the data beside it; nothing is fetched, no code is made from text (`ast`).
(function () {
  "use strict";
  var short = function (language) { return language === "en" ? "en" : "zh"; };
  document.querySelectorAll("[data-chart]").forEach(function (data) {
    var spec = JSON.parse(data.textContent), place = document.getElementById(data.dataset.chart);
    spec.params[0].value = short(document.documentElement.lang);
    vegaEmbed(place, spec, { actions: false, renderer: "svg", ast: true, tooltip: { theme: "light" } }).then(function (drawn) {
      document.addEventListener("language", function (event) {
        drawn.view.signal("lang", short(event.detail)).runAsync();
      });
    });
  });
})();

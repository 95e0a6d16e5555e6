// What a reader takes along: a link to exactly this part or chart of a page, and how to cite it.
(function () {
  "use strict";
  var here = window.page.here, cited = window.page.cited;
  function words(place, zh, en) { place.replaceChildren.apply(place, window.page.both(zh, en)); }
  function button(zh, en, text) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "copy";
    words(made, zh, en);
    made.addEventListener("click", function () {
      if (window.page.copy(text())) words(made, "已复制", "copied"); else words(made, "未能复制", "not copied");
      made.focus();
      setTimeout(function () { words(made, zh, en); }, 2000);
    });
    return made;
  }
  document.querySelectorAll("main h2[id], main h3[id]").forEach(function (head) {
    var made = button("#", "#", function () { return here(head.id); });
    made.setAttribute("aria-label", "复制本节链接 · Copy link to this section");
    made.title = "复制本节链接 · Copy link to this section";
    head.append(" ", made);
  });
  // A link to a chart is sent on: a tap offers to share it where a phone can, else it is copied, which is said.
  document.querySelectorAll("[data-take=link]").forEach(function (link) {
    var id = link.closest("figure").id;
    link.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
      event.preventDefault();
      var address = here(id);
      try { history.replaceState(null, "", address); } catch (e) { /* the address bar stays as it was */ }
      if (navigator.share && window.matchMedia("(pointer: coarse)").matches)
        return navigator.share({ title: document.title, url: address }).catch(function () { /* closed again */ });
      if (window.page.copy(address)) words(link, "链接已复制", "Link copied"); else words(link, "链接见地址栏", "See the address bar");
      link.focus();
      setTimeout(function () { words(link, "本图链接", "Link to this chart"); }, 2000);
    });
  });
  var cite = document.querySelector(".cite"), build = window.build || {};
  function citation() {
    return window.page.language() === "en"
      ? "“" + cite.dataset.en + "”, City integration (tongcheng), version " + build.build_id + ", as of " + build.as_of_date + ", " + cited()
      : "《" + cite.dataset.zh + "》，同城进展（tongcheng），版本 " + build.build_id + "，统计时点 " + build.as_of_date + "，" + cited();
  }
  if (cite && build.build_id) {
    cite.hidden = false;
    var label = document.createElement("span"), text = document.createElement("span");
    words(label, "引用本页：", "Cite this page: ");
    var show = function () { text.textContent = citation(); };
    show();
    document.addEventListener("language", show);
    cite.append(label, text, " ", button("复制引用", "Copy citation", citation));
  }
})();

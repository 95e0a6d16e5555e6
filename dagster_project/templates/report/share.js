// What a reader takes along: a link to exactly this part of a page, and how to cite it.
(function () {
  "use strict";
  function here(id) {
    var address = new URL(location.href);
    address.searchParams.set("lang", window.page.language());
    address.hash = id || "";
    return address.href;
  }
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
  var cite = document.querySelector(".cite"), build = window.build || {};
  function citation() {
    return window.page.language() === "en"
      ? "“" + cite.dataset.en + "”, City integration (tongcheng), version " + build.build_id + ", as of " + build.as_of_date + ", " + here()
      : "《" + cite.dataset.zh + "》，同城进展（tongcheng），版本 " + build.build_id + "，统计时点 " + build.as_of_date + "，" + here();
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

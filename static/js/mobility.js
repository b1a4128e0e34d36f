/* Mutation: vœux moved with the pointer, points as soon as something is typed. The buttons do all of it without this file. */
(function () {
  var list = document.querySelector("[data-iprof-voeux]");
  if (list && list.querySelector("[value^='monter:']")) order(list);
  var claims = document.querySelector("[data-iprof-claims]");
  if (claims && window.fetch) live(claims);

  function order(form) {
    var rows = Array.from(form.querySelectorAll("[data-iprof-voeu]")), moving = null, hint = form.querySelector("[data-iprof-drag-hint]");
    if (hint && rows.length > 1) hint.hidden = false;
    rows.forEach(function (row) {
      row.draggable = rows.length > 1;
      row.addEventListener("dragstart", function (event) {
        moving = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        row.classList.add("is-moving");
      });
      row.addEventListener("dragover", function (event) {
        if (!moving || moving === row) return;
        event.preventDefault();
        var box = row.getBoundingClientRect();
        row.parentNode.insertBefore(moving, event.clientY < box.top + box.height / 2 ? row : row.nextSibling);
      });
      row.addEventListener("drop", function (event) { event.preventDefault(); });
      row.addEventListener("dragend", function () {
        row.classList.remove("is-moving");
        var now = Array.from(form.querySelectorAll("[data-iprof-voeu]"));
        moving = null;
        if (now.some(function (one, place) { return one !== rows[place]; })) form.requestSubmit(form.querySelector("[value='enregistrer']"));
      });
    });
  }

  function live(form) {
    var timer = null, asked = 0, place = form.querySelector("[data-iprof-points]"), said = form.querySelector("[data-iprof-points-said]");
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(refresh, 250);
    });
    function refresh() {
      var number = ++asked;
      fetch(form.dataset.iprofClaims, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
        return answer.ok ? answer.text() : Promise.reject(answer.status);
      }).then(function (text) {
        if (number === asked) show(new DOMParser().parseFromString(text, "text/html"));
      }).catch(function () { said.textContent = "Les points ne sont pas recalculés : enregistrez pour les voir."; });
    }
    function show(found) {
      var commune = form.querySelector("[data-iprof-commune]"), fresh = found.querySelector("[data-part='commune']");
      if (!commune.contains(document.activeElement)) commune.replaceChildren.apply(commune, Array.from(fresh.childNodes));
      place.replaceChildren.apply(place, Array.from(found.querySelector("[data-part='points']").childNodes));
      said.textContent = "Points recalculés.";
    }
  }
})();

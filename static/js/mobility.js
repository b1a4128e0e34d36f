/* Mutation: vœux moved with the pointer, points as soon as something is typed. The buttons do all of it without this file. */
(function () {
  var list = document.querySelector("[data-iprof-voeux]");
  if (list && list.querySelector("[value^='monter:']")) order(list);
  var claims = document.querySelector("[data-iprof-claims]");
  if (claims && window.fetch) live(claims);

  /* Dropped, the list is saved as it stands; let go elsewhere, or with Escape, it comes back as it was. */
  function order(form) {
    var rows = rowsOf(form), moving = null, dropped = false, hint = form.querySelector("[data-iprof-drag-hint]");
    if (rows.length < 2) return;
    if (hint) hint.hidden = false;
    var box = rows[0].parentNode;
    rows.forEach(function (row) {
      row.draggable = true;
      row.addEventListener("dragstart", function (event) {
        moving = row;
        dropped = false;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.querySelector("strong").textContent);
        row.classList.add("is-moving");
      });
      row.addEventListener("dragend", function () {
        row.classList.remove("is-moving");
        moving = null;
        if (!dropped) box.replaceChildren.apply(box, rows);
        else if (rowsOf(form).some(function (one, place) { return one !== rows[place]; })) form.requestSubmit(form.querySelector("[value='enregistrer']"));
      });
    });
    box.addEventListener("dragover", function (event) {
      if (!moving) return;
      event.preventDefault();
      var over = event.target.closest("[data-iprof-voeu]");
      if (!over || over === moving) return;
      var place = over.getBoundingClientRect();
      box.insertBefore(moving, event.clientY < place.top + place.height / 2 ? over : over.nextSibling);
    });
    box.addEventListener("dragenter", function (event) { if (moving) event.preventDefault(); });
    box.addEventListener("drop", function (event) {
      event.preventDefault();
      dropped = true;
    });
  }
  function rowsOf(form) { return Array.from(form.querySelectorAll("[data-iprof-voeu]")); }

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

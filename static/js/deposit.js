/* Depositing files: what is chosen is listed and weighed, may be dropped on the form, and its sending shows how far it is.
   Without this file the form does all the same. */
(function () {
  var LIMIT = 3000000, PHOTO = 12000000, WHOLE = 30000000;
  document.querySelectorAll("[data-iprof-deposit]").forEach(start);

  function start(form) {
    var input = form.querySelector("input[type=file]"), most = Number(form.dataset.most);
    var box = add(form, "div", "deposit__box"), list = add(box, "ul", "deposit__list"), said = add(box, "p", "deposit__said");
    var bar = add(box, "progress", "deposit__bar");
    said.setAttribute("role", "status");
    bar.max = 100;
    bar.hidden = true;
    bar.setAttribute("aria-label", "Envoi des fichiers");
    (input.closest(".fr-upload-group, .fr-input-group") || input.parentNode).after(box);
    input.addEventListener("change", show);
    form.classList.add("deposit");
    ["dragover", "dragenter"].forEach(function (name) {
      form.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function () { form.classList.remove("is-over"); });
    });
    form.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer.files.length) keep(Array.from(input.files).concat(Array.from(event.dataTransfer.files)));
    });
    form.addEventListener("submit", send);
    show();

    function keep(files) {
      var kept = new DataTransfer();
      files.forEach(function (file) { kept.items.add(file); });
      input.files = kept.files;
      show();
    }
    function show() {
      var files = Array.from(input.files);
      list.replaceChildren();
      files.forEach(function (file, number) {
        var line = add(list, "li"), why = refusal(file);
        line.append(file.name + " (" + weight(file.size) + ")" + (why ? " : " + why : "") + " ");
        line.classList.toggle("is-refused", Boolean(why));
        var button = add(line, "button", "fr-btn fr-btn--tertiary fr-btn--sm");
        button.type = "button";
        button.textContent = "Enlever";
        button.setAttribute("aria-label", "Enlever " + file.name);
        button.addEventListener("click", function () {
          keep(files.filter(function (_, other) { return other !== number; }));
          input.focus();
        });
      });
      said.textContent = problem(files);
    }
    function problem(files) {
      var total = files.reduce(function (sum, file) { return sum + file.size; }, 0);
      if (files.length > most) return files.length + " fichiers choisis, " + most + " au plus à la fois : enlevez-en.";
      if (total > WHOLE) return "Ensemble ils pèsent " + weight(total) + ", 30 Mo au plus à la fois : enlevez-en.";
      if (files.some(refusal)) return "Enlevez le fichier trop lourd, ou réduisez-le : rien n'est encore envoyé.";
      return "";
    }
    function send(event) {
      if (!input.files.length || !window.FormData) return;
      event.preventDefault();
      if (problem(Array.from(input.files))) {
        show();
        release();
        input.focus();
        return;
      }
      var data = new FormData(form, event.submitter), call = new XMLHttpRequest();
      bar.hidden = false;
      said.textContent = "Envoi en cours.";
      call.upload.addEventListener("progress", function (step) {
        if (step.lengthComputable) bar.value = Math.round(100 * step.loaded / step.total);
        if (step.loaded === step.total) said.textContent = "Envoyé. Contrôles en cours.";
      });
      call.addEventListener("load", function () { answer(call); });
      call.addEventListener("error", function () {
        bar.hidden = true;
        said.textContent = "La connexion a été coupée : rien n'a été gardé. Vos fichiers sont encore choisis : déposez de nouveau.";
        release();
      });
      call.open("POST", form.action);
      call.send(data);
    }
    function release() {
      setTimeout(function () {
        form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = false; });
      }, 1);
    }
  }
  /* The page that answers takes the place of this one, messages included. */
  function answer(call) {
    var page = new DOMParser().parseFromString(call.responseText, "text/html"), main = page.querySelector("main");
    if (!main) { location.reload(); return; }
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    if (call.responseURL !== location.href) history.pushState(null, "", call.responseURL);
    window.addEventListener("popstate", function () { location.reload(); });
    document.querySelectorAll("[data-iprof-deposit]").forEach(start);
    var first = document.getElementById("form-errors") || document.querySelector("main h1");
    if (!first.hasAttribute("tabindex")) first.setAttribute("tabindex", "-1");
    first.focus();
    window.scrollTo(0, 0);
  }
  function refusal(file) {
    var photo = /^image\//.test(file.type);
    if (!file.size) return "il est vide";
    if (photo && file.size >= PHOTO) return "photo de 12 Mo ou plus";
    return !photo && file.size >= LIMIT ? "3 Mo ou plus, trop lourd" : "";
  }
  function weight(bytes) {
    if (bytes < 1000000) return Math.max(Math.round(bytes / 1000), 1) + " ko";
    return (bytes / 1000000).toFixed(1).replace(".", ",") + " Mo";
  }
  function add(parent, name, classes) {
    var made = document.createElement(name);
    if (classes) made.className = classes;
    parent.append(made);
    return made;
  }
})();

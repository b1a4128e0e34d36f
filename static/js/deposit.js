/* Depositing files: what is chosen is listed and weighed, may be dropped on the form, its sending shows how far it is, and one that
   fails keeps the choice. Without this file the form does all the same; the server alone decides what is kept. */
(function () {
  var LIMIT = 3000000, PHOTO = 12000000, WHOLE = 30000000;
  var form = document.querySelector("[data-iprof-deposit]");
  if (!form || !window.DataTransfer) return;
  var input = form.querySelector("input[type=file]"), most = Number(form.dataset.most), failed = false;
  var box = add(form, "div", "deposit__box"), problem = add(box, "div"), list = add(box, "ul", "deposit__list");
  var said = add(box, "p", "deposit__said"), bar = add(box, "progress", "deposit__bar");
  problem.setAttribute("role", "alert");
  said.setAttribute("role", "status");
  bar.max = 100;
  bar.hidden = true;
  bar.setAttribute("aria-label", "Avancement de l'envoi");
  (input.closest(".fr-upload-group, .fr-input-group") || input.parentNode).after(box);
  form.classList.add("deposit");
  input.addEventListener("change", function () { keep(Array.from(input.files)); });
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
  form.addEventListener("submit", function (event) {
    if (!input.files.length) return;
    event.preventDefault();
    tell([]);
    if (failed) refreshed(function () { send(event.submitter); });
    else send(event.submitter);
  });
  show();

  /* What cannot be sent leaves the choice at once, and is told. */
  function keep(files) {
    var held = new DataTransfer(), wrong = [], left = 0, total = 0;
    files.forEach(function (file) {
      var why = refusal(file);
      if (why) wrong.push("« " + file.name + " » " + why);
      else if (held.items.length < most && total + file.size <= WHOLE) {
        held.items.add(file);
        total += file.size;
      } else left += 1;
    });
    if (left) wrong.push(most + " fichiers et 30 Mo au plus à la fois : " + (left > 1 ? "les " + left + " derniers ne sont pas retenus. Déposez-les" : "le dernier n'est pas retenu. Déposez-le") + " ensuite.");
    input.files = held.files;
    tell(wrong);
    show();
  }
  function refusal(file) {
    var photo = /^image\//.test(file.type);
    if (!file.size) return "est vide : il n'est pas envoyé. Vérifiez-le sur votre appareil.";
    if (photo && file.size >= PHOTO) return "pèse 12 Mo ou plus : cette photo n'est pas envoyée. Réglez l'appareil sur une taille plus petite.";
    return !photo && file.size >= LIMIT ? "pèse 3 Mo ou plus : il n'est pas envoyé. Réduisez-le ou partagez-le." : "";
  }
  function show() {
    var files = Array.from(input.files), total = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    list.replaceChildren.apply(list, files.map(row));
    said.textContent = files.length ? files.length + (files.length > 1 ? " fichiers choisis, " : " fichier choisi, ") + weight(total) + "." : "";
  }
  function row(file) {
    var line = document.createElement("li");
    line.append(file.name + " (" + weight(file.size) + ") ");
    var button = add(line, "button", "fr-btn fr-btn--tertiary fr-btn--sm");
    button.type = "button";
    button.textContent = "Enlever";
    button.setAttribute("aria-label", "Enlever " + file.name);
    button.addEventListener("click", function () {
      keep(Array.from(input.files).filter(function (other) { return other !== file; }));
      input.focus();
    });
    return line;
  }
  function tell(sentences) {
    problem.replaceChildren();
    sentences.forEach(function (text) { add(problem, "p", "fr-error-text").textContent = text; });
  }

  function send(pressed) {
    var data = new FormData(form), call = new XMLHttpRequest();
    if (pressed && pressed.name) data.append(pressed.name, pressed.value);
    bar.value = 0;
    bar.hidden = false;
    said.textContent = "Envoi en cours.";
    call.upload.addEventListener("progress", function (step) {
      if (step.lengthComputable) bar.value = 100 * step.loaded / step.total;
      if (step.loaded === step.total) said.textContent = "Envoyé. Contrôles en cours.";
    });
    call.addEventListener("load", function () { answered(call); });
    call.addEventListener("error", function () { ended("L'envoi a été coupé. Vérifiez votre connexion, puis déposez de nouveau : un fichier déjà reçu vous sera signalé."); });
    call.open("POST", form.action);
    call.send(data);
  }
  /* The page that answers takes the place of this one, messages included. */
  function answered(call) {
    var address = new URL(call.responseURL || form.action, location.href);
    if (call.status < 500 && call.status !== 403 && call.status !== 413 && address.pathname.indexOf("/connexion/") !== 0) {
      history.replaceState(null, "", address.href);
      document.open();
      document.write(call.responseText);
      document.close();
    } else if (call.status === 413) ended("L'ensemble est trop lourd pour un seul envoi. Enlevez quelques fichiers, puis déposez de nouveau.");
    else if (call.status >= 500) ended("Le portail ne répond pas. Réessayez dans quelques minutes : un fichier déjà reçu vous sera signalé.");
    else ended("Votre connexion au portail a pris fin : rien n'est déposé. Reconnectez-vous dans un autre onglet, puis déposez de nouveau ici.");
  }
  function ended(sentence) {
    failed = true;
    bar.hidden = true;
    show();
    tell([sentence + " Vos fichiers sont toujours choisis."]);
    setTimeout(function () {
      form.querySelectorAll("button[type=submit]").forEach(function (button) { button.disabled = false; });
    }, 1);
  }
  /* The session may be another since: its mark is asked again. */
  function refreshed(then) {
    fetch(form.action, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-iprof-deposit]");
      if (found) form.elements.csrfmiddlewaretoken.value = found.elements.csrfmiddlewaretoken.value;
    }).catch(function () {}).then(then);
  }

  function weight(bytes) {
    if (bytes < 1000000) return Math.max(Math.round(bytes / 1000), 1) + " ko";
    return (bytes / 1000000).toFixed(1).replace(".0", "").replace(".", ",") + " Mo";
  }
  function add(parent, name, classes) {
    var made = document.createElement(name);
    if (classes) made.className = classes;
    parent.append(made);
    return made;
  }
})();

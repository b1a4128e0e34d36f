/* « Recevoir les notifications sur cet appareil »: the browser asks its owner, then the form of the page is sent. */
(function () {
  var box = document.querySelector("[data-iprof-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  var form = box.querySelector("form"), button = form.querySelector("button"), text = box.querySelector("[data-push-text]");
  var without = document.querySelector("[data-push-without]");
  box.hidden = false;
  without.hidden = true;
  function bytes(key) {
    var plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function say(words) { text.textContent = words; }
  function problem(error) {
    button.disabled = false;
    if (error && error.name === "NotAllowedError") say("Le navigateur refuse les notifications de ce site. Permettez-les dans ses réglages (le cadenas, à gauche de l'adresse), puis recommencez.");
    else if (error && error.name === "AbortError") say("Le service de notification du navigateur ne répond pas. Vérifiez votre connexion, puis recommencez ; une navigation privée ou un réseau filtré peut l'interdire.");
    else say("Ce navigateur n'a pas pu activer les notifications. Mettez-le à jour, ou essayez avec un autre. Vos alertes arrivent de toute façon dans votre messagerie académique.");
  }
  function subscribe(registration) {
    var key = bytes(box.dataset.iprofPush);
    var options = { userVisibleOnly: true, applicationServerKey: key };
    return registration.pushManager.subscribe(options).catch(function (error) {
      if (error.name !== "InvalidStateError") throw error;
      /* Subscribed under a former key of the portal. */
      return registration.pushManager.getSubscription()
        .then(function (old) { return old ? old.unsubscribe() : null; })
        .then(function () { return registration.pushManager.subscribe(options); });
    });
  }
  button.addEventListener("click", function () {
    button.disabled = true;
    say("Le navigateur va demander votre accord.");
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") throw { name: "NotAllowedError" };
      return navigator.serviceWorker.register(box.dataset.worker, { scope: "/" });
    }).then(function () { return navigator.serviceWorker.ready; }).then(subscribe).then(function (made) {
      var told = made.toJSON();
      form.elements.endpoint.value = told.endpoint;
      form.elements.p256dh.value = told.keys.p256dh;
      form.elements.auth.value = told.keys.auth;
      form.submit();
    }).catch(problem);
  });
})();

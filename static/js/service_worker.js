/* Shows that an alert waits, and opens the list. Keeps no page: nothing of a file stays in the browser. */
self.addEventListener("push", function (event) {
  var told = {};
  try { told = event.data ? event.data.json() : {}; } catch (error) { told = {}; }
  event.waitUntil(self.registration.showNotification(told.title || "Une nouvelle alerte vous attend", {
    body: "Ouvrez le portail pour la lire.",
    tag: "alertes",
    lang: "fr",
    data: { link: told.link || "/alertes/" }
  }));
});
self.addEventListener("notificationclick", function (event) {
  var asked = new URL(event.notification.data.link, self.location.origin);
  var place = asked.origin === self.location.origin ? asked.href : self.location.origin + "/alertes/";
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (windows) {
    var open = windows.find(function (one) { return one.url === place; });
    return open ? open.focus() : self.clients.openWindow(place);
  }));
});

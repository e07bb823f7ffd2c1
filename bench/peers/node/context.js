// What resolvers receive: the claims of a verified token, the settings made of them, loaders of this request.
import { claimsOf, settingsOf } from "./identity.js";
import { loadersFor } from "./loaders.js";

export function contextOf(request) {
  const claims = claimsOf(request.headers.authorization);
  const settings = settingsOf(claims);
  return { claims, settings, loaders: loadersFor(settings) };
}

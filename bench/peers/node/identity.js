// Who asks: the token verified as the product does it, and its claims in the words of the row-level policies.
import { createVerifier } from "fast-jwt";

const verify = createVerifier({
  key: process.env.JWT_SECRET,
  algorithms: ["HS256"],
  allowedIss: "fast-track-graph",
  requiredClaims: ["exp", "iat", "id"],
  cache: true,
});

/** The verified claims of an `Authorization: Bearer` header; throws where there are none. */
export function claimsOf(authorization) {
  return verify((authorization ?? "").replace("Bearer ", ""));
}

/** Transaction settings by name. Nobody who asks in the bench guides other organisations. */
export function settingsOf(claims) {
  return {
    "app.user_id": claims.id,
    "app.organization_id": claims.organization_id ?? "",
    "app.role": claims.role,
    "app.guided_organization_ids": "",
  };
}

// The GraphiQL page keeps its token under this key, for this browser tab only.
const token = () => sessionStorage.getItem('fast-track-graph.token');

document.getElementById('token-note').hidden = !token();
document.documentElement.classList.toggle(
  'dark-mode',
  matchMedia('(prefers-color-scheme: dark)').matches,
);

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Swagger UI would otherwise ask validator.swagger.io for a badge.
  validatorUrl: null,
  requestInterceptor(request) {
    const sameOrigin = new URL(request.url, location.href).origin === location.origin;
    // The description too: in production it is for those who may introspect. In development nobody looks at the token.
    if (sameOrigin && token() && !request.headers.Authorization) {
      request.headers.Authorization = `Bearer ${token()}`;
    }
    return request;
  },
});

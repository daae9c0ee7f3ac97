/** What is rendered: the shapes that playbooks and templates are made of. */
export const cases: Readonly<Record<string, string>> = {
  'a variable': '{{ name }}',
  'text around variables': 'server {{ name }} listens on {{ port }};',
  'a path': '{{ site.tls.certificate }}',
  'a default': '{{ site.root | default("/srv") }}',
  'filters with arguments': '{{ name | replace("a", "b") | upper }}',
  'a condition': '{% if port > 80 and site.tls is defined %}tls{% else %}plain{% endif %}',
  arithmetic: '{{ (port + 1) * 2 }}',
  'a call': '{{ name.split("-")[0] }}',
  'a loop of 100': '{% for item in items %}{{ item.name }}={{ item.value }}\n{% endfor %}',
  'a loop of 100 with loop':
    '{% for item in items %}{{ loop.index }} {{ item.name }}{% if not loop.last %},{% endif %}{% endfor %}',
  'a list by filters': '{{ items | selectattr("value", "gt", 50) | map(attribute="name") | join(",") }}',
  'a set in a loop':
    '{% set n = namespace(sum=0) %}{% for item in items %}{% set n.sum = n.sum + item.value %}{% endfor %}{{ n.sum }}',
  'a macro': '{% macro line(a, b="x") %}{{ a }}-{{ b }}{% endmacro %}{% for i in range(20) %}{{ line(i) }}{% endfor %}',
}

export const variables: Readonly<Record<string, unknown>> = {
  name: 'alpha-beta',
  port: 443,
  site: { tls: { certificate: '/etc/tls.pem' } },
  items: Array.from({ length: 100 }, (_, i) => ({ name: `n${i}`, value: i })),
}

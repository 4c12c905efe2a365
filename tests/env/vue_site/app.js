// A portal of pages made in the browser. The address keeps the route in its path, or after "#" where the portal
// was entered through /hash/.
import * as Vue from "vue";
window.Vue = Vue;
await new Promise((done) => {
  const script = document.createElement("script");
  script.src = "/static/quasar.js";
  script.onload = done;
  document.head.append(script);
});

const { createApp, ref, shallowRef, watch, computed } = Vue;
const behindHash = location.pathname.startsWith("/hash/");
const place = () => (behindHash ? location.hash.slice(1) : location.pathname) || "/";
const route = ref(place());
addEventListener("popstate", () => (route.value = place()));
addEventListener("hashchange", () => (route.value = place()));

const get = async (path) => (await fetch("/api/" + path)).json();
const day = (iso) => (iso ? iso.split("-").reverse().join("/") : "");
const LISTS = { "tin-tuc": "news", "van-ban": "document", "chi-dao": "directive" };
const HEADINGS = {
  "tin-tuc": "Tin tức - Sự kiện",
  "van-ban": "Văn bản quy phạm pháp luật",
  "chi-dao": "Thông tin chỉ đạo, điều hành",
};

const To = {
  props: ["to"],
  setup: (props) => ({
    href: computed(() => (behindHash ? "#" + props.to : props.to)),
    go(event) {
      if (behindHash) return;
      event.preventDefault();
      history.pushState({}, "", props.to);
      route.value = place();
    },
  }),
  template: `<a :href="href" @click="go"><slot/></a>`,
};

const Row = {
  components: { To },
  props: ["item", "section"],
  setup: () => ({ day }),
  template: `
    <div class="q-pa-sm row-item">
      <div class="text-subtitle1"><to :to="'/' + section + '/' + item.id">{{ item.title }}</to></div>
      <div class="meta"><span v-if="item.number">Số ký hiệu: {{ item.number }}</span>
      <span class="date">{{ day(item.day) }}</span></div>
    </div>`,
};

const More = {
  components: { Row },
  props: ["section"],
  setup(props) {
    const rows = ref([]), total = ref(0);
    let page = 0;
    const load = async () => {
      const said = await get(LISTS[props.section] + "?page=" + ++page);
      rows.value.push(...said.items);
      total.value = said.total;
    };
    load();
    return { rows, total, load };
  },
  template: `
    <row v-for="item in rows" :key="item.id" :item="item" :section="section"/>
    <q-btn v-if="rows.length < total" label="Xem thêm" @click="load"/>`,
};

const Endless = {
  components: { Row },
  props: ["section"],
  setup(props) {
    const rows = ref([]);
    const load = async (index, done) => {
      const said = await get(LISTS[props.section] + "?page=" + index);
      rows.value.push(...said.items);
      done(rows.value.length >= said.total);
    };
    return { rows, load };
  },
  template: `
    <q-infinite-scroll @load="load" :offset="120">
      <row v-for="item in rows" :key="item.id" :item="item" :section="section"/>
    </q-infinite-scroll>`,
};

const Paged = {
  components: { Row },
  props: ["section"],
  setup(props) {
    const rows = ref([]), pages = ref(1), page = ref(1);
    const load = async () => {
      const said = await get(LISTS[props.section] + "?page=" + page.value);
      rows.value = said.items;
      pages.value = Math.ceil(said.total / said.size);
    };
    watch(page, load);
    load();
    return { rows, pages, page };
  },
  template: `
    <row v-for="item in rows" :key="item.id" :item="item" :section="section"/>
    <q-pagination v-model="page" :max="pages" :max-pages="4" boundary-links direction-links/>`,
};

const Detail = {
  props: ["section", "id"],
  setup(props) {
    const item = ref(null);
    get(LISTS[props.section] + "/" + props.id).then((said) => (item.value = said));
    return { item, day };
  },
  template: `
    <article v-if="item"><h1>{{ item.title }}</h1>
      <p class="date">Ngày đăng: {{ day(item.day) }}</p>
      <table v-if="item.number"><tbody>
        <tr><td>Số ký hiệu</td><td>{{ item.number }}</td></tr>
        <tr><td>Ngày ban hành</td><td>{{ day(item.issued) }}</td></tr>
        <tr><td>Cơ quan ban hành</td><td>{{ item.issuer }}</td></tr>
      </tbody></table>
      <p v-for="text in item.body">{{ text }}</p>
    </article>`,
};

const WAYS = { "tin-tuc": More, "van-ban": Endless, "chi-dao": Paged };
createApp({
  components: { To, Detail },
  setup() {
    const parts = computed(() => route.value.split("/").filter(Boolean));
    return { parts, HEADINGS, way: (section) => WAYS[section] };
  },
  template: `
    <header><to to="/">Sở Thử Nghiệm</to></header>
    <nav><ul><li v-for="(heading, section) in HEADINGS"><to :to="'/' + section">{{ heading }}</to></li></ul></nav>
    <main>
      <template v-if="!parts.length"><h1>Cổng thông tin điện tử Sở Thử Nghiệm</h1>
        <p>Trang thông tin của Sở Thử Nghiệm, phục vụ người dân và doanh nghiệp.</p></template>
      <template v-else-if="parts.length === 1"><h1>{{ HEADINGS[parts[0]] }}</h1>
        <component :is="way(parts[0])" :section="parts[0]" :key="parts[0]"/></template>
      <detail v-else :section="parts[0]" :id="parts[1]" :key="parts.join()"/>
    </main>
    <footer>© Sở Thử Nghiệm · Điện thoại 0200 000 000</footer>`,
}).use(window.Quasar).mount("#app");

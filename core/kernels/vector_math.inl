// Functions of V that every body shares. An element's result does not depend on its lane.

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

F load_some(const float *p, int64_t n) {
    return n >= V::width ? V::load(p) : V::load_partial(p, n);
}
void store_some(float *p, F a, int64_t n) {
    if (n >= V::width)
        V::store(p, a);
    else
        V::store_partial(p, a, n);
}

// Polynomials, highest power first.
template <class... More> F poly_more(F x, F sum, float c, More... more) {
    sum = V::fma(sum, x, V::set(c));
    if constexpr (sizeof...(more) > 0)
        return poly_more(x, sum, more...);
    else
        return sum;
}
template <class... More> F poly(F x, float c, More... more) {
    return poly_more(x, V::set(c), more...);
}

// Cephes expf: 2 ulp. Overflows to infinity; 0 below -104.
F exp_of(F x) {
    x = V::min(V::set(89.0f), V::max(V::set(-105.0f), x));
    V::I n = V::nearest(V::mul(x, V::set(1.44269504088896341f)));
    F whole = V::to_float(n);
    F r = V::fma(whole, V::set(-0.693359375f), x);
    r = V::fma(whole, V::set(2.12194440e-4f), r);
    F p = poly(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
               1.6666665459e-1f, 5.0000001201e-1f);
    p = V::add(V::fma(V::mul(p, r), r, r), V::set(1.0f));
    return V::scale(p, n);
}

// log(1 + x) for 0 <= x <= 1; the polynomial is that of Cephes logf.
F log_of_one_plus(F x) {
    V::M large = V::less(V::set(0.41421356f), x);
    F r = V::select(large, V::mul(V::sub(x, V::set(1.0f)), V::set(0.5f)), x);
    F log_2_part = V::select(large, V::set(1.0f), V::zero());
    F p = poly(r, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f,
               1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f,
               3.3333331174e-1f);
    F square = V::mul(r, r);
    F y = V::mul(V::mul(p, r), square);
    y = V::fma(log_2_part, V::set(-2.12194440e-4f), y);
    y = V::fma(square, V::set(-0.5f), y);
    return V::fma(log_2_part, V::set(0.693359375f), V::add(r, y));
}

F sigmoid_of(F x) {
    F one = V::set(1.0f);
    return V::div(one, V::add(one, exp_of(V::neg(x))));
}

// Cephes tanhf.
F tanh_of(F x) {
    F z = V::mul(x, x), size = V::abs(x), one = V::set(1.0f);
    F inner = poly(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                   1.33314422036e-1f, -3.33332819422e-1f);
    inner = V::fma(V::mul(inner, z), x, x);
    F outer = V::div(V::set(2.0f), V::add(exp_of(V::add(size, size)), one));
    outer = V::copy_sign(V::sub(one, outer), x);
    return V::select(V::less(V::set(0.625f), size), outer, inner);
}

// x P(x^2) / Q(x^2), the least greatest error that this form has below 3.8, from where on erf is 1.
// 5 ulp.
F erf_of(F x) {
    F z = V::mul(x, x), one = V::set(1.0f);
    F p = poly(z, 3.345945061e-06f, 4.519312643e-04f, 5.795674399e-03f, 8.245765418e-02f,
               2.951869667e-01f, 1.770691276e+00f);
    F q = poly(z, 6.135465810e-05f, 1.810388290e-03f, 2.325970493e-02f, 1.777188331e-01f,
               7.846791148e-01f, 1.569234371e+00f);
    F inner = V::div(V::mul(x, p), q);
    inner = V::min(one, V::max(V::set(-1.0f), inner));
    return V::select(V::less(V::set(3.8f), V::abs(x)), V::copy_sign(one, x), inner);
}

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

// In the order of the lanes.
float sum_lanes(F a) {
    float lanes[V::width];
    V::store(lanes, a);
    float sum = lanes[0];
    for (int i = 1; i < V::width; ++i) sum += lanes[i];
    return sum;
}
float max_lanes(F a) {
    float lanes[V::width];
    V::store(lanes, a);
    float max = lanes[0];
    for (int i = 1; i < V::width; ++i)
        if (!(lanes[i] < max)) max = max != max ? max : lanes[i];
    return max;
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
    V::I half = V::half(n); // in two steps, since 2^n itself need not be a number
    return V::mul(V::mul(p, V::power_of_two(half)), V::power_of_two(V::minus(n, half)));
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
    F near = poly(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                  1.33314422036e-1f, -3.33332819422e-1f);
    near = V::fma(V::mul(near, z), x, x);
    F far = V::div(V::set(2.0f), V::add(exp_of(V::add(size, size)), one));
    far = V::copy_sign(V::sub(one, far), x);
    return V::select(V::less(V::set(0.625f), size), far, near);
}

// Up to 1 a polynomial in x^2, above 1 - exp(polynomial); both interpolate at Chebyshev nodes. The
// absolute error is below 2e-7.
F erf_of(F x) {
    F z = V::mul(x, x), size = V::abs(x), one = V::set(1.0f);
    F near = V::mul(x, poly(z, 7.875875050e-05f, -8.016864283e-04f, 5.189087423e-03f,
                            -2.685421201e-02f, 1.128359472e-01f, -3.761262667e-01f,
                            1.128379166e+00f));
    F far = poly(V::min(V::set(4.0f), size), -1.327236181e-05f, 3.169370225e-04f,
                 -3.432351381e-03f, 2.260477224e-02f, -1.032811176e-01f, -6.391412576e-01f,
                 -1.125893652e+00f, -7.658977796e-04f);
    far = V::copy_sign(V::sub(one, exp_of(far)), x);
    return V::select(V::less_equal(size, one), near, V::select(V::less(one, size), far, x));
}

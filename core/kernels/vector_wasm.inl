// Four floats in a register of WebAssembly, with the bits of the plain body: there is no fused
// multiply-add.
struct V {
    using F = v128_t; // floats
    using I = v128_t; // 32-bit integers
    using M = v128_t; // all bits of a lane set or none
    static constexpr int width = 4;
    static constexpr int half_width = width;
    static constexpr bool has_lanes = false; // whether there is fma_lane()
    static constexpr bool has_masks = false; // whether part of a vector costs no more than all
    // 8 sums, 2 weights, a factor and a product in the 15 registers that engines leave of x86-64's.
    static constexpr int tile_rows = 4, tile_vectors = 2;
    static constexpr bool by_blas = false;

    static M first(int64_t n) { // n <= width
        return wasm_i32x4_lt(wasm_i32x4_const(0, 1, 2, 3),
                             wasm_i32x4_splat(static_cast<int32_t>(n)));
    }

    static F load(const float *p) { return wasm_v128_load(p); }
    static void store(float *p, F a) { wasm_v128_store(p, a); }
    static F load_partial(const float *p, int64_t n) {
        float lanes[4] = {0, 0, 0, 0};
        for (int64_t i = 0; i < n; ++i) lanes[i] = p[i];
        return wasm_v128_load(lanes);
    }
    static void store_partial(float *p, F a, int64_t n) {
        float lanes[4];
        wasm_v128_store(lanes, a);
        for (int64_t i = 0; i < n; ++i) p[i] = lanes[i];
    }
    static F in_register(F a) { return a; }
    static F splat(const float *p) { return wasm_v128_load32_splat(p); }
    static F set(float a) { return wasm_f32x4_splat(a); }
    static F zero() { return wasm_f32x4_const(0, 0, 0, 0); }
    static void prefetch(const void *) {}
    static void prefetch_to_write(void *) {}

    static F add(F a, F b) { return wasm_f32x4_add(a, b); }
    static F sub(F a, F b) { return wasm_f32x4_sub(a, b); }
    static F mul(F a, F b) { return wasm_f32x4_mul(a, b); }
    static F div(F a, F b) { return wasm_f32x4_div(a, b); }
    static F fma(F a, F b, F c) { return add(mul(a, b), c); } // two roundings
    // b where either is a NaN: one instruction of x86, where wasm_f32x4_max takes eight.
    static F max(F a, F b) { return wasm_f32x4_pmax(b, a); }
    static F min(F a, F b) { return wasm_f32x4_pmin(b, a); }
    static F sqrt(F a) { return wasm_f32x4_sqrt(a); }
    static F floor(F a) { return wasm_f32x4_floor(a); }
    static F abs(F a) { return wasm_f32x4_abs(a); }
    static F neg(F a) { return wasm_f32x4_neg(a); }
    static F copy_sign(F a, F sign) {
        return wasm_v128_bitselect(sign, a, wasm_i32x4_const_splat(INT32_MIN));
    }

    static M less(F a, F b) { return wasm_f32x4_lt(a, b); }
    static M equal(F a, F b) { return wasm_f32x4_eq(a, b); }
    static M less_equal(F a, F b) { return wasm_f32x4_le(a, b); }
    static F select(M m, F a, F b) { return wasm_v128_bitselect(a, b, m); } // m ? a : b

    // Adding 1.5 * 2^23 leaves the integer in the low bits.
    static I nearest(F a) { // |a| < 2^22
        return wasm_i32x4_sub(add(a, set(12582912.0f)), wasm_i32x4_const_splat(0x4B400000));
    }
    static F to_float(I a) { return wasm_f32x4_convert_i32x4(a); }
    static F power_of_two(I a) { // -126 <= a <= 127
        return wasm_i32x4_shl(wasm_i32x4_add(a, wasm_i32x4_const_splat(127)), 23);
    }
    static F scale(F a, I n) { // a * 2^n, in two steps, since 2^n itself need not be a number
        const I half = wasm_i32x4_shr(n, 1);
        return mul(mul(a, power_of_two(half)), power_of_two(wasm_i32x4_sub(n, half)));
    }

    // Of all lanes; `greatest` may miss a NaN.
    static float sum(F a) {
        const F two = add(a, wasm_i32x4_shuffle(a, a, 2, 3, 0, 1));
        return wasm_f32x4_extract_lane(two, 0) + wasm_f32x4_extract_lane(two, 1);
    }
    static float greatest(F a) {
        const F two = max(a, wasm_i32x4_shuffle(a, a, 2, 3, 0, 1));
        const float left = wasm_f32x4_extract_lane(two, 0), right = wasm_f32x4_extract_lane(two, 1);
        return left > right ? left : right;
    }

    // Four floats from each place become the columns of four rows.
    static void transpose(const float *a, const float *b, const float *c, const float *d, float *to,
                          int64_t row) {
        const F low_ac = wasm_i32x4_shuffle(load(a), load(c), 0, 4, 1, 5);
        const F high_ac = wasm_i32x4_shuffle(load(a), load(c), 2, 6, 3, 7);
        const F low_bd = wasm_i32x4_shuffle(load(b), load(d), 0, 4, 1, 5);
        const F high_bd = wasm_i32x4_shuffle(load(b), load(d), 2, 6, 3, 7);
        store(to, wasm_i32x4_shuffle(low_ac, low_bd, 0, 4, 1, 5));
        store(to + row, wasm_i32x4_shuffle(low_ac, low_bd, 2, 6, 3, 7));
        store(to + 2 * row, wasm_i32x4_shuffle(high_ac, high_bd, 0, 4, 1, 5));
        store(to + 3 * row, wasm_i32x4_shuffle(high_ac, high_bd, 2, 6, 3, 7));
    }

    // The lanes of two vectors, one of each in turn.
    static void zip(F a, F b, float *to) {
        store(to, wasm_i32x4_shuffle(a, b, 0, 4, 1, 5));
        store(to + width, wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
    }

    // Sixteen bytes, and sixteen sums of bytes times weights.
    using Bytes = v128_t;
    struct Sums {
        v128_t a, b, c, d;
    };
    static constexpr bool zips_bytes = true;
    static Bytes load_bytes(const uint8_t *p) { return wasm_v128_load(p); }
    static void store_bytes(uint8_t *p, Bytes a) { wasm_v128_store(p, a); }
    static Bytes zip_low(Bytes a, Bytes b) {
        return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    }
    static Bytes zip_high(Bytes a, Bytes b) {
        return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                  31);
    }
    static Sums sums_of(int32_t a) {
        const v128_t all = wasm_i32x4_splat(a);
        return {all, all, all, all};
    }
    static void add_product(Sums *s, const uint8_t *p, int32_t weight) {
        const v128_t samples = wasm_v128_load(p), by = wasm_i32x4_splat(weight);
        const v128_t low = wasm_u16x8_extend_low_u8x16(samples);
        const v128_t high = wasm_u16x8_extend_high_u8x16(samples);
        s->a = wasm_i32x4_add(s->a, wasm_i32x4_mul(wasm_u32x4_extend_low_u16x8(low), by));
        s->b = wasm_i32x4_add(s->b, wasm_i32x4_mul(wasm_u32x4_extend_high_u16x8(low), by));
        s->c = wasm_i32x4_add(s->c, wasm_i32x4_mul(wasm_u32x4_extend_low_u16x8(high), by));
        s->d = wasm_i32x4_add(s->d, wasm_i32x4_mul(wasm_u32x4_extend_high_u16x8(high), by));
    }
    // Without their last kBits bits, at most 255.
    template <int kBits> static void store_sums(uint8_t *p, Sums s) {
        const v128_t low = wasm_u16x8_narrow_i32x4(wasm_u32x4_shr(s.a, kBits),
                                                   wasm_u32x4_shr(s.b, kBits));
        const v128_t high = wasm_u16x8_narrow_i32x4(wasm_u32x4_shr(s.c, kBits),
                                                    wasm_u32x4_shr(s.d, kBits));
        store_bytes(p, wasm_u8x16_narrow_i16x8(low, high));
    }
};

// Four floats in a register of AArch64.
struct V {
    using F = float32x4_t; // floats
    using I = int32x4_t;   // 32-bit integers
    using M = uint32x4_t;  // all bits of a lane set or none
    static constexpr int width = 4;
    static constexpr int half_width = width;
    static constexpr bool has_lanes = true; // whether there is fma_lane()
    static constexpr bool has_masks = false; // whether part of a vector costs no more than all
    static constexpr int tile_rows = 5, tile_vectors = 4; // 20 sums, 5 factors, 4 weights
    static constexpr bool by_blas = false;

    static M first(int64_t n) { // n <= width
        const uint32_t lanes[4] = {0, 1, 2, 3};
        return vcltq_u32(vld1q_u32(lanes), vdupq_n_u32(static_cast<uint32_t>(n)));
    }

    static F load(const float *p) { return vld1q_f32(p); }
    static void store(float *p, F a) { vst1q_f32(p, a); }
    static F load_partial(const float *p, int64_t n) {
        float lanes[4] = {0, 0, 0, 0};
        for (int64_t i = 0; i < n; ++i) lanes[i] = p[i];
        return vld1q_f32(lanes);
    }
    static void store_partial(float *p, F a, int64_t n) {
        float lanes[4];
        vst1q_f32(lanes, a);
        for (int64_t i = 0; i < n; ++i) p[i] = lanes[i];
    }
    // The compiler would read what is used several times again and again.
    static F in_register(F a) {
        __asm__("" : "+w"(a));
        return a;
    }
    static F splat(const float *p) { return vld1q_dup_f32(p); }
    static F set(float a) { return vdupq_n_f32(a); }
    static F zero() { return vdupq_n_f32(0); }
    static void prefetch(const void *p) { __builtin_prefetch(p); }
    static void prefetch_to_write(void *p) { __builtin_prefetch(p, 1); }

    static F add(F a, F b) { return vaddq_f32(a, b); }
    static F sub(F a, F b) { return vsubq_f32(a, b); }
    static F mul(F a, F b) { return vmulq_f32(a, b); }
    static F div(F a, F b) { return vdivq_f32(a, b); }
    static F fma(F a, F b, F c) { return vfmaq_f32(c, a, b); }
    // One lane of a times b, plus c.
    template <int kLane> static F fma_lane(F a, F b, F c) {
        return vfmaq_laneq_f32(c, b, a, kLane);
    }
    // A NaN where either is one.
    static F max(F a, F b) { return vmaxq_f32(a, b); }
    static F min(F a, F b) { return vminq_f32(a, b); }
    static F sqrt(F a) { return vsqrtq_f32(a); }
    static F floor(F a) { return vrndmq_f32(a); }
    static F abs(F a) { return vabsq_f32(a); }
    static F neg(F a) { return vnegq_f32(a); }
    static F copy_sign(F a, F sign) { return vbslq_f32(vdupq_n_u32(0x80000000u), sign, a); }

    static M less(F a, F b) { return vcltq_f32(a, b); }
    static M equal(F a, F b) { return vceqq_f32(a, b); }
    static M less_equal(F a, F b) { return vcleq_f32(a, b); }
    static F select(M m, F a, F b) { return vbslq_f32(m, a, b); } // m ? a : b

    static I nearest(F a) { return vcvtnq_s32_f32(a); } // |a| < 2^22
    static F to_float(I a) { return vcvtq_f32_s32(a); }
    static F power_of_two(I a) { // -126 <= a <= 127
        return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(a, vdupq_n_s32(127)), 23));
    }
    static F scale(F a, I n) { // a * 2^n, in two steps, since 2^n itself need not be a number
        const I half = vshrq_n_s32(n, 1);
        return mul(mul(a, power_of_two(half)), power_of_two(vsubq_s32(n, half)));
    }

    // Of all lanes.
    static float sum(F a) { return vaddvq_f32(a); }
    static float greatest(F a) { return vmaxvq_f32(a); }

    // Four floats from each place become the columns of four rows.
    static void transpose(const float *a, const float *b, const float *c, const float *d, float *to,
                          int64_t row) {
        const float32x4x2_t ac = vzipq_f32(vld1q_f32(a), vld1q_f32(c));
        const float32x4x2_t bd = vzipq_f32(vld1q_f32(b), vld1q_f32(d));
        const float32x4x2_t low = vzipq_f32(ac.val[0], bd.val[0]);
        const float32x4x2_t high = vzipq_f32(ac.val[1], bd.val[1]);
        vst1q_f32(to, low.val[0]);
        vst1q_f32(to + row, low.val[1]);
        vst1q_f32(to + 2 * row, high.val[0]);
        vst1q_f32(to + 3 * row, high.val[1]);
    }

    // The lanes of two vectors, one of each in turn.
    static void zip(F a, F b, float *to) {
        store(to, vzip1q_f32(a, b));
        store(to + width, vzip2q_f32(a, b));
    }

    // Sixteen bytes, and sixteen sums of bytes times weights.
    using Bytes = uint8x16_t;
    struct Sums {
        uint32x4_t a, b, c, d;
    };
    static constexpr bool zips_bytes = true;
    static Bytes load_bytes(const uint8_t *p) { return vld1q_u8(p); }
    static void store_bytes(uint8_t *p, Bytes a) { vst1q_u8(p, a); }
    static Bytes zip_low(Bytes a, Bytes b) { return vzip1q_u8(a, b); }
    static Bytes zip_high(Bytes a, Bytes b) { return vzip2q_u8(a, b); }
    static Sums sums_of(int32_t a) {
        const uint32x4_t all = vdupq_n_u32(static_cast<uint32_t>(a));
        return {all, all, all, all};
    }
    static void add_product(Sums *s, const uint8_t *p, int32_t weight) {
        const uint8x16_t samples = vld1q_u8(p);
        const uint16x8_t low = vmovl_u8(vget_low_u8(samples)), high = vmovl_high_u8(samples);
        const uint32_t by = static_cast<uint32_t>(weight);
        s->a = vmlaq_n_u32(s->a, vmovl_u16(vget_low_u16(low)), by);
        s->b = vmlaq_n_u32(s->b, vmovl_high_u16(low), by);
        s->c = vmlaq_n_u32(s->c, vmovl_u16(vget_low_u16(high)), by);
        s->d = vmlaq_n_u32(s->d, vmovl_high_u16(high), by);
    }
    // Without their last kBits bits, at most 255.
    template <int kBits> static void store_sums(uint8_t *p, Sums s) {
        const uint16x8_t low = vcombine_u16(vqmovn_u32(vshrq_n_u32(s.a, kBits)),
                                            vqmovn_u32(vshrq_n_u32(s.b, kBits)));
        const uint16x8_t high = vcombine_u16(vqmovn_u32(vshrq_n_u32(s.c, kBits)),
                                             vqmovn_u32(vshrq_n_u32(s.d, kBits)));
        store_bytes(p, vcombine_u8(vqmovn_u16(low), vqmovn_u16(high)));
    }
};

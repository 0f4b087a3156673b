// Sixteen floats in a register of AVX-512.
struct V {
    using F = __m512;    // floats
    using I = __m512i;   // 32-bit integers
    using M = __mmask16; // one truth value per lane
    static constexpr int width = 16;
    static constexpr int half_width = 8; // lanes that fma_half() takes less time for; width: none
    static constexpr bool has_lanes = false; // whether there is fma_lane()
    static constexpr bool has_masks = true; // whether part of a vector costs no more than all
    static constexpr int tile_rows = 14, tile_vectors = 2; // 28 sums, 2 weights, 1 factor
    static constexpr bool by_blas = false;

    // GCC 12 warns of the undefined vector inside many unmasked intrinsics (its bug 105593); with a
    // mask of all lanes they come out as the same instruction.
    static constexpr M all = 0xFFFF;

    static M first(int64_t n) { return static_cast<M>((1u << n) - 1); } // n <= width

    static F load(const float *p) { return _mm512_loadu_ps(p); }
    static void store(float *p, F a) { _mm512_storeu_ps(p, a); }
    static F load_partial(const float *p, int64_t n) { return _mm512_maskz_loadu_ps(first(n), p); }
    static void store_partial(float *p, F a, int64_t n) { _mm512_mask_storeu_ps(p, first(n), a); }
    // The compiler would read what is used several times again and again.
    static F in_register(F a) {
        __asm__("" : "+v"(a));
        return a;
    }
    static F splat(const float *p) { return _mm512_set1_ps(*p); }
    static F set(float a) { return _mm512_set1_ps(a); }
    static F zero() { return _mm512_setzero_ps(); }
    static void prefetch(const void *p) { _mm_prefetch(static_cast<const char *>(p), _MM_HINT_T1); }
    static void prefetch_to_write(void *p) { __builtin_prefetch(p, 1, 3); }

    static F add(F a, F b) { return _mm512_add_ps(a, b); }
    static F sub(F a, F b) { return _mm512_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
    static F div(F a, F b) { return _mm512_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
    // Of the first `half_width` lanes, in registers of half the width: half the time where
    // processors work on 256 bits at once.
    static F fma_half(F a, F b, F c) {
#if defined(__clang__)
        return _mm512_castps256_ps512(_mm256_fmadd_ps(
            _mm512_castps512_ps256(a), _mm512_castps512_ps256(b), _mm512_castps512_ps256(c)));
#else
        __asm__("vfmadd231ps %t2, %t1, %t0" : "+v"(c) : "v"(a), "v"(b)); // see `all`
        return c;
#endif
    }
    // b where either is a NaN.
    static F max(F a, F b) { return _mm512_maskz_max_ps(all, a, b); }
    static F min(F a, F b) { return _mm512_maskz_min_ps(all, a, b); }
    static F sqrt(F a) { return _mm512_maskz_sqrt_ps(all, a); }
    static F floor(F a) { return _mm512_maskz_roundscale_ps(all, a, _MM_FROUND_TO_NEG_INF); }
    static F abs(F a) { return _mm512_abs_ps(a); }
    static F neg(F a) { return _mm512_xor_ps(a, _mm512_set1_ps(-0.0f)); }
    static F copy_sign(F a, F sign) {
        return _mm512_or_ps(a, _mm512_and_ps(sign, _mm512_set1_ps(-0.0f)));
    } // a >= 0

    static M less(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
    static M equal(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
    static M less_equal(F a, F b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
    static F select(M m, F a, F b) { return _mm512_mask_blend_ps(m, b, a); } // m ? a : b

    static I nearest(F a) { return _mm512_maskz_cvtps_epi32(all, a); } // |a| < 2^22
    static F to_float(I a) { return _mm512_maskz_cvtepi32_ps(all, a); }
    static F scale(F a, I n) { return _mm512_maskz_scalef_ps(all, a, to_float(n)); } // a * 2^n

    // Of all lanes; `greatest` may miss a NaN.
    static float sum(F a) {
        const __m256 eight = _mm256_add_ps(half<0>(a), half<1>(a));
        const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight),
                                       _mm256_extractf128_ps(eight, 1));
        const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }
    static float greatest(F a) {
        const __m256 eight = _mm256_max_ps(half<0>(a), half<1>(a));
        const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight),
                                       _mm256_extractf128_ps(eight, 1));
        const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
    }
    template <int kHalf> static __m256 half(F a) {
        return _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xFF, _mm512_castps_pd(a), kHalf));
    }

    // Four floats from each place become the columns of four rows.
    static void transpose(const float *a, const float *b, const float *c, const float *d, float *to,
                          int64_t row) {
        __m128 e = _mm_loadu_ps(a), f = _mm_loadu_ps(b), g = _mm_loadu_ps(c), h = _mm_loadu_ps(d);
        _MM_TRANSPOSE4_PS(e, f, g, h);
        _mm_storeu_ps(to, e);
        _mm_storeu_ps(to + row, f);
        _mm_storeu_ps(to + 2 * row, g);
        _mm_storeu_ps(to + 3 * row, h);
    }

    // The lanes of two vectors, one of each in turn.
    static void zip(F a, F b, float *to) {
        const I low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
        const I high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
        store(to, _mm512_permutex2var_ps(a, low, b));
        store(to + width, _mm512_permutex2var_ps(a, high, b));
    }

    // Sixteen bytes, and sixteen sums of bytes times weights.
    using Bytes = __m128i;
    using Sums = __m512i;
    static constexpr bool zips_bytes = true;
    static Bytes load_bytes(const uint8_t *p) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    }
    static void store_bytes(uint8_t *p, Bytes a) {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(p), a);
    }
    static Bytes zip_low(Bytes a, Bytes b) { return _mm_unpacklo_epi8(a, b); }
    static Bytes zip_high(Bytes a, Bytes b) { return _mm_unpackhi_epi8(a, b); }
    static Sums sums_of(int32_t a) { return _mm512_set1_epi32(a); }
    static void add_product(Sums *s, const uint8_t *p, int32_t weight) {
        const __m512i samples = _mm512_maskz_cvtepu8_epi32(all, load_bytes(p));
        *s = _mm512_add_epi32(*s, _mm512_mullo_epi32(samples, _mm512_set1_epi32(weight)));
    }
    // Without their last kBits bits, at most 255.
    template <int kBits> static void store_sums(uint8_t *p, Sums s) {
        store_bytes(p, _mm512_maskz_cvtusepi32_epi8(all, _mm512_maskz_srai_epi32(all, s, kBits)));
    }
};

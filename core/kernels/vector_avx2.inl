// Eight floats in a register of AVX2.
struct V {
    using F = __m256;  // floats
    using I = __m256i; // 32-bit integers
    using M = __m256;  // all bits of a lane set or none
    static constexpr int width = 8;
    static constexpr int half_width = width;
    static constexpr bool has_lanes = false; // whether there is fma_lane()
    static constexpr bool has_masks = false; // whether part of a vector costs no more than all
    static constexpr int tile_rows = 6, tile_vectors = 2; // 12 sums, 2 weights, 1 factor
    static constexpr bool by_blas = false;

    static I first_bits(int64_t n) {
        const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), lanes);
    }
    static M first(int64_t n) { return _mm256_castsi256_ps(first_bits(n)); } // n <= width

    static F load(const float *p) { return _mm256_loadu_ps(p); }
    static void store(float *p, F a) { _mm256_storeu_ps(p, a); }
    static F load_partial(const float *p, int64_t n) {
        return _mm256_maskload_ps(p, first_bits(n));
    }
    static void store_partial(float *p, F a, int64_t n) {
        _mm256_maskstore_ps(p, first_bits(n), a);
    }
    // The compiler would read what is used several times again and again.
    static F in_register(F a) {
        __asm__("" : "+x"(a));
        return a;
    }
    static F splat(const float *p) { return _mm256_broadcast_ss(p); }
    static F set(float a) { return _mm256_set1_ps(a); }
    static F zero() { return _mm256_setzero_ps(); }
    static void prefetch(const void *p) { _mm_prefetch(static_cast<const char *>(p), _MM_HINT_T1); }
    static void prefetch_to_write(void *p) { __builtin_prefetch(p, 1, 3); }

    static F add(F a, F b) { return _mm256_add_ps(a, b); }
    static F sub(F a, F b) { return _mm256_sub_ps(a, b); }
    static F mul(F a, F b) { return _mm256_mul_ps(a, b); }
    static F div(F a, F b) { return _mm256_div_ps(a, b); }
    static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
    // b where either is a NaN.
    static F max(F a, F b) { return _mm256_max_ps(a, b); }
    static F min(F a, F b) { return _mm256_min_ps(a, b); }
    static F sqrt(F a) { return _mm256_sqrt_ps(a); }
    static F floor(F a) { return _mm256_floor_ps(a); }
    static F abs(F a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
    static F neg(F a) { return _mm256_xor_ps(a, _mm256_set1_ps(-0.0f)); }
    static F copy_sign(F a, F sign) {
        return _mm256_or_ps(a, _mm256_and_ps(sign, _mm256_set1_ps(-0.0f)));
    } // a >= 0

    static M less(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
    static M equal(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
    static M less_equal(F a, F b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
    static F select(M m, F a, F b) { return _mm256_blendv_ps(b, a, m); } // m ? a : b

    static I nearest(F a) { return _mm256_cvtps_epi32(a); } // |a| < 2^22
    static F to_float(I a) { return _mm256_cvtepi32_ps(a); }
    static F power_of_two(I a) { // -126 <= a <= 127
        return _mm256_castsi256_ps(
            _mm256_slli_epi32(_mm256_add_epi32(a, _mm256_set1_epi32(127)), 23));
    }
    static F scale(F a, I n) { // a * 2^n, in two steps, since 2^n itself need not be a number
        const I half = _mm256_srai_epi32(n, 1);
        return mul(mul(a, power_of_two(half)), power_of_two(_mm256_sub_epi32(n, half)));
    }

    // Of all lanes; `greatest` may miss a NaN.
    static float sum(F a) {
        const __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
        const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
    }
    static float greatest(F a) {
        const __m128 four = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
        const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
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
        const __m256 low = _mm256_unpacklo_ps(a, b), high = _mm256_unpackhi_ps(a, b);
        store(to, _mm256_permute2f128_ps(low, high, 0x20));
        store(to + width, _mm256_permute2f128_ps(low, high, 0x31));
    }

    // Sixteen bytes, and sixteen sums of bytes times weights.
    using Bytes = __m128i;
    struct Sums {
        __m256i low, high;
    };
    static constexpr bool zips_bytes = true;
    static Bytes load_bytes(const uint8_t *p) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    }
    static void store_bytes(uint8_t *p, Bytes a) {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(p), a);
    }
    static Bytes zip_low(Bytes a, Bytes b) { return _mm_unpacklo_epi8(a, b); }
    static Bytes zip_high(Bytes a, Bytes b) { return _mm_unpackhi_epi8(a, b); }
    static Sums sums_of(int32_t a) { return {_mm256_set1_epi32(a), _mm256_set1_epi32(a)}; }
    static void add_product(Sums *s, const uint8_t *p, int32_t weight) {
        const __m256i by = _mm256_set1_epi32(weight);
        const __m256i low = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p)));
        const __m256i high = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p + 8)));
        s->low = _mm256_add_epi32(s->low, _mm256_mullo_epi32(low, by));
        s->high = _mm256_add_epi32(s->high, _mm256_mullo_epi32(high, by));
    }
    // Without their last kBits bits, at most 255.
    template <int kBits> static void store_sums(uint8_t *p, Sums s) {
        const __m256i words = _mm256_permute4x64_epi64(
            _mm256_packs_epi32(_mm256_srai_epi32(s.low, kBits), _mm256_srai_epi32(s.high, kBits)),
            0xD8);
        store_bytes(p, _mm_packus_epi16(_mm256_castsi256_si128(words),
                                        _mm256_extracti128_si256(words, 1)));
    }
};

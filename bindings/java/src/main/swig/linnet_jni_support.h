/* What the generated JNI code needs and the header cannot tell: text, arrays and buffers, and
 * errors with their text. Written by hand; C, for SWIG's C mode. */
#ifndef LINNET_JNI_SUPPORT_H
#define LINNET_JNI_SUPPORT_H

#include <jni.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linnet.h"

/* One call from Java. Where a check fails, an exception is pending and status stays LINNET_OK. */
typedef struct linnet_call {
    JNIEnv *env;
    linnet_status status;
} linnet_call;

/* A Java array or the rest of a direct buffer, open for one call. `kind` is the letter that JNI
 * gives to the element type: B S I J F D. */
typedef struct linnet_array {
    jobject object;
    void *data;
    size_t count;
    char kind;
    char direct, native_order, writable;
} linnet_array;

/* SWIG tells parameters apart by type: these are for it. */
typedef linnet_array linnet_array_in;
typedef linnet_array linnet_array_in_or_null;
typedef linnet_array linnet_array_retained;
typedef linnet_array linnet_array_out;
typedef char linnet_text;
typedef char linnet_text_or_null;

static void linnet_throw(JNIEnv *env, const char *type, const char *message) {
    jclass found;
    if ((*env)->ExceptionCheck(env)) return;
    found = (*env)->FindClass(env, type);
    if (found != NULL) (*env)->ThrowNew(env, found, message);
}

static void linnet_refuse(JNIEnv *env, const char *name, const char *what) {
    char message[200];
    snprintf(message, sizeof message, "%s: %s", name, what);
    linnet_throw(env, "java/lang/IllegalArgumentException", message);
}

/* ---- Text ---- */

static size_t linnet_put_utf8(uint32_t code, char *out) {
    if (code < 0x80) return out[0] = (char)code, 1;
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        return out[1] = (char)(0x80 | (code & 0x3F)), 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        return out[2] = (char)(0x80 | (code & 0x3F)), 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    return out[3] = (char)(0x80 | (code & 0x3F)), 4;
}

static uint32_t linnet_take_utf16(const jchar *units, jsize count, jsize *at) {
    uint32_t first = units[(*at)++];
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF || *at == count) return 0xFFFD;
    if (units[*at] < 0xDC00 || units[*at] > 0xDFFF) return 0xFFFD;
    return 0x10000 + ((first - 0xD800) << 10) + (units[(*at)++] - 0xDC00u);
}

/* JNI's own "UTF" writes characters beyond 16 bits as two wrong ones. */
static char *linnet_text_open(JNIEnv *env, jstring text, const char *name, int nullable) {
    jsize count, at = 0;
    size_t size = 0;
    const jchar *units;
    char *made;
    if (text == NULL) {
        if (!nullable) linnet_throw(env, "java/lang/NullPointerException", name);
        return NULL;
    }
    count = (*env)->GetStringLength(env, text);
    units = (*env)->GetStringChars(env, text, NULL);
    made = units ? (char *)malloc((size_t)count * 3 + 1) : NULL;
    while (made != NULL && at < count) {
        const uint32_t code = linnet_take_utf16(units, count, &at);
        size += linnet_put_utf8(code, made + size);
        if (code != 0) continue;
        linnet_refuse(env, name, "holds a zero character");
        break;
    }
    if (made != NULL) made[size] = 0;
    if (units != NULL) (*env)->ReleaseStringChars(env, text, units);
    if (made == NULL) linnet_throw(env, "java/lang/OutOfMemoryError", name);
    return made;
}

static uint32_t linnet_take_utf8(const unsigned char **at) {
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    const unsigned char first = *(*at)++;
    const int more = first < 0x80 ? 0 : first >> 5 == 6 ? 1 : first >> 4 == 14 ? 2
                     : first >> 3 == 30 ? 3 : -1;
    uint32_t code = more == 0 ? first : first & (0x3Fu >> (more > 0 ? more : 0));
    int left;
    if (more < 0) return 0xFFFD;
    for (left = more; left > 0; left--, (*at)++) {
        if ((**at & 0xC0) != 0x80) return 0xFFFD;
        code = code << 6 | (**at & 0x3Fu);
    }
    return code < least[more] || code > 0x10FFFF || code >> 11 == 27 ? 0xFFFD : code;
}

static jstring linnet_text_made(JNIEnv *env, const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    jsize count = 0;
    jstring made = NULL;
    jchar *units;
    if (text == NULL || (*env)->ExceptionCheck(env)) return NULL;
    units = (jchar *)malloc((strlen(text) + 1) * sizeof(jchar));
    if (units == NULL) return linnet_throw(env, "java/lang/OutOfMemoryError", "text"), made;
    while (*at) {
        const uint32_t code = linnet_take_utf8(&at);
        if (code >= 0x10000) units[count++] = (jchar)(0xD800 + ((code - 0x10000) >> 10));
        units[count++] = (jchar)(code < 0x10000 ? code : 0xDC00 + (code & 0x3FF));
    }
    made = (*env)->NewString(env, units, count);
    free(units);
    return made;
}

/* ---- Errors ---- */

/* In the native call that failed: the message belongs to this thread's last failure. */
static void linnet_throw_status(linnet_call *call) {
    JNIEnv *env = call->env;
    jclass type;
    jmethodID make;
    jstring message;
    jobject error;
    if ((*env)->ExceptionCheck(env)) return;
    message = linnet_text_made(env, linnet_last_error());
    type = (*env)->FindClass(env, "org/linnet/LinnetException");
    if (type == NULL || message == NULL) return;
    make = (*env)->GetMethodID(env, type, "<init>", "(ILjava/lang/String;)V");
    if (make == NULL) return;
    error = (*env)->NewObject(env, type, make, (jint)call->status, message);
    if (error != NULL) (*env)->Throw(env, (jthrowable)error);
}

/* ---- Arrays and buffers ---- */

/* What buffers and arrays are told apart and asked by. Looked up once: a look-up by name takes
 * longer than a small network. */
static struct {
    jclass arrays[7], buffers[6]; /* in the order of their letters, "ZBSIJFD" and "BSIJFD" */
    jmethodID order[6];           /* each type of buffer has its own */
    jmethodID position, remaining, is_read_only;
    jobject native_order;
} linnet_java;

static jclass linnet_class(JNIEnv *env, const char *name) {
    jclass found = (*env)->FindClass(env, name);
    return found ? (jclass)(*env)->NewGlobalRef(env, found) : NULL;
}

static int linnet_find_orders(JNIEnv *env) {
    jclass orders = (*env)->FindClass(env, "java/nio/ByteOrder");
    jmethodID native = orders ? (*env)->GetStaticMethodID(env, orders, "nativeOrder",
                                                          "()Ljava/nio/ByteOrder;") : NULL;
    jobject found = native ? (*env)->CallStaticObjectMethod(env, orders, native) : NULL;
    int i;
    if ((*env)->ExceptionCheck(env) || found == NULL) return 0;
    linnet_java.native_order = (*env)->NewGlobalRef(env, found);
    for (i = 0; i < 6; i++) {
        linnet_java.order[i] = (*env)->GetMethodID(env, linnet_java.buffers[i], "order",
                                                   "()Ljava/nio/ByteOrder;");
        if (linnet_java.order[i] == NULL) return 0;
    }
    return linnet_java.native_order != NULL;
}

static int linnet_find_java(JNIEnv *env) {
    static const char *const types[] = {"Byte", "Short", "Int", "Long", "Float", "Double"};
    jclass buffer = (*env)->FindClass(env, "java/nio/Buffer");
    int i;
    if (buffer == NULL) return 0;
    linnet_java.position = (*env)->GetMethodID(env, buffer, "position", "()I");
    linnet_java.remaining = (*env)->GetMethodID(env, buffer, "remaining", "()I");
    linnet_java.is_read_only = (*env)->GetMethodID(env, buffer, "isReadOnly", "()Z");
    if ((*env)->ExceptionCheck(env)) return 0;
    for (i = 0; i < 7; i++) {
        char name[3] = {'[', "ZBSIJFD"[i], 0};
        linnet_java.arrays[i] = linnet_class(env, name);
        if (linnet_java.arrays[i] == NULL) return 0;
    }
    for (i = 0; i < 6; i++) {
        char name[32];
        snprintf(name, sizeof name, "java/nio/%sBuffer", types[i]);
        linnet_java.buffers[i] = linnet_class(env, name);
        if (linnet_java.buffers[i] == NULL) return 0;
    }
    return linnet_find_orders(env);
}

/* Before any other call into the library; what it finds stays until the process ends. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *unused) {
    void *env = NULL;
    (void)unused;
    if ((*vm)->GetEnv(vm, &env, JNI_VERSION_1_6) != JNI_OK) return JNI_ERR;
    return linnet_find_java((JNIEnv *)env) ? JNI_VERSION_1_6 : JNI_ERR;
}

static void *linnet_elements(JNIEnv *env, jobject object, char kind) {
    switch (kind) {
        case 'Z': return (*env)->GetBooleanArrayElements(env, (jbooleanArray)object, NULL);
        case 'B': return (*env)->GetByteArrayElements(env, (jbyteArray)object, NULL);
        case 'S': return (*env)->GetShortArrayElements(env, (jshortArray)object, NULL);
        case 'I': return (*env)->GetIntArrayElements(env, (jintArray)object, NULL);
        case 'J': return (*env)->GetLongArrayElements(env, (jlongArray)object, NULL);
        case 'F': return (*env)->GetFloatArrayElements(env, (jfloatArray)object, NULL);
        default: return (*env)->GetDoubleArrayElements(env, (jdoubleArray)object, NULL);
    }
}

static int linnet_open_array(JNIEnv *env, linnet_array *array) {
    int i;
    for (i = 0; i < 7; i++) {
        if (!(*env)->IsInstanceOf(env, array->object, linnet_java.arrays[i])) continue;
        array->kind = "ZBSIJFD"[i];
        array->count = (size_t)(*env)->GetArrayLength(env, (jarray)array->object);
        array->data = linnet_elements(env, array->object, array->kind);
        return 1;
    }
    return 0;
}

static int linnet_in_native_order(JNIEnv *env, jobject buffer, jmethodID order) {
    jobject found = (*env)->CallObjectMethod(env, buffer, order);
    const int same = !(*env)->ExceptionCheck(env) &&
                     (*env)->IsSameObject(env, linnet_java.native_order, found);
    (*env)->DeleteLocalRef(env, found);
    return same;
}

static int linnet_int_of(JNIEnv *env, jobject buffer, jmethodID method) {
    const int value = (*env)->CallIntMethod(env, buffer, method);
    return (*env)->ExceptionCheck(env) ? 0 : value;
}

static int linnet_is_read_only(JNIEnv *env, jobject buffer) {
    const int is = (*env)->CallBooleanMethod(env, buffer, linnet_java.is_read_only);
    return (*env)->ExceptionCheck(env) || is;
}

/* From position to limit, which GetDirectBufferAddress does not know. */
static int linnet_open_buffer(JNIEnv *env, linnet_array *array, const char *name) {
    static const size_t sizes[] = {1, 2, 4, 8, 4, 8};
    jobject buffer = array->object;
    char *start;
    int i = 0;
    while (i < 6 && !(*env)->IsInstanceOf(env, buffer, linnet_java.buffers[i])) i++;
    if (i == 6) return 0;
    start = (char *)(*env)->GetDirectBufferAddress(env, buffer);
    if (start == NULL) return linnet_refuse(env, name, "the buffer is not direct"), 0;
    if (array->writable && linnet_is_read_only(env, buffer))
        return linnet_refuse(env, name, "the buffer is read-only"), 0;
    array->data = start + (size_t)linnet_int_of(env, buffer, linnet_java.position) * sizes[i];
    array->count = (size_t)linnet_int_of(env, buffer, linnet_java.remaining);
    array->native_order = (char)linnet_in_native_order(env, buffer, linnet_java.order[i]);
    array->kind = "BSIJFD"[i];
    array->direct = 1;
    if (i > 0 && !array->native_order)
        return linnet_refuse(env, name, "the buffer is not in native byte order"), 0;
    return 1;
}

/* NULL with an exception pending on failure. Never a critical section: calls may take long. */
static linnet_array *linnet_array_open(JNIEnv *env, jobject object, const char *name, int writable,
                                       int nullable, int only_direct) {
    linnet_array *array;
    if (object == NULL && !nullable)
        return linnet_throw(env, "java/lang/NullPointerException", name), (linnet_array *)NULL;
    array = (linnet_array *)calloc(1, sizeof *array);
    if (array == NULL)
        return linnet_throw(env, "java/lang/OutOfMemoryError", name), (linnet_array *)NULL;
    array->object = object;
    array->writable = (char)writable;
    if (object == NULL || (!only_direct && linnet_open_array(env, array)) ||
        linnet_open_buffer(env, array, name)) {
        if (object == NULL || array->data != NULL) return array;
        linnet_throw(env, "java/lang/OutOfMemoryError", name);
    }
    linnet_refuse(env, name, only_direct ? "expected a direct buffer"
                                         : "expected an array of numbers or a direct buffer");
    free(array);
    return NULL;
}

static void linnet_array_close(JNIEnv *env, linnet_array *array) {
    const jint mode = array != NULL && array->writable ? 0 : JNI_ABORT;
    if (array != NULL && array->object != NULL && !array->direct) {
        jobject o = array->object;
        void *data = array->data;
        switch (array->kind) {
            case 'Z': (*env)->ReleaseBooleanArrayElements(env, (jbooleanArray)o, data, mode); break;
            case 'B': (*env)->ReleaseByteArrayElements(env, (jbyteArray)o, data, mode); break;
            case 'S': (*env)->ReleaseShortArrayElements(env, (jshortArray)o, data, mode); break;
            case 'I': (*env)->ReleaseIntArrayElements(env, (jintArray)o, data, mode); break;
            case 'J': (*env)->ReleaseLongArrayElements(env, (jlongArray)o, data, mode); break;
            case 'F': (*env)->ReleaseFloatArrayElements(env, (jfloatArray)o, data, mode); break;
            default: (*env)->ReleaseDoubleArrayElements(env, (jdoubleArray)o, data, mode);
        }
    }
    free(array);
}

/* ---- Checks within the generated functions ---- */

static size_t linnet_kind_bytes(char kind) {
    return kind == 'B' ? 1 : kind == 'S' ? 2 : kind == 'I' || kind == 'F' ? 4 : 8;
}

/* Does the array hold elements of `kind`? A direct ByteBuffer in native order may hold any. */
static int linnet_array_is(linnet_call *call, linnet_array *array, char kind, const char *name) {
    static const char *const words[] = {"byte", "short", "int", "long", "float", "double"};
    const size_t bytes = linnet_kind_bytes(kind);
    const char *at = strchr("BSIJFD", kind);
    char what[96];
    if (array->object == NULL || array->kind == kind) return 1;
    if (kind == 'B' && array->kind == 'Z') return 1;
    if (array->direct && array->kind == 'B' && array->native_order && array->count % bytes == 0 &&
        (uintptr_t)array->data % bytes == 0) {
        array->count /= bytes;
        array->kind = kind;
        return 1;
    }
    snprintf(what, sizeof what, "expected %s[] or a direct buffer of %s in native order",
             words[at - "BSIJFD"], words[at - "BSIJFD"]);
    linnet_refuse(call->env, name, what);
    return 0;
}

static int linnet_same_length(linnet_call *call, const linnet_array *a, const linnet_array *b,
                              const char *names) {
    if (a->count == b->count) return 1;
    linnet_refuse(call->env, names, "differ in length");
    return 0;
}

static int linnet_has_room(linnet_call *call, const linnet_array *array, const char *name) {
    if (array->count > 0) return 1;
    linnet_refuse(call->env, name, "has no element for the answer");
    return 0;
}

static int linnet_slot(linnet_call *call, jobjectArray slot, const char *name) {
    if (slot != NULL && (*call->env)->GetArrayLength(call->env, slot) > 0) return 1;
    linnet_refuse(call->env, name, "has no element for the answer");
    return 0;
}

static void linnet_set_text(linnet_call *call, jobjectArray slot, const char *text) {
    jstring made = linnet_text_made(call->env, text);
    if ((*call->env)->ExceptionCheck(call->env)) return;
    (*call->env)->SetObjectArrayElement(call->env, slot, 0, made);
}

static int linnet_fits(linnet_call *call, long long value, const char *name, uint64_t most) {
    if (value >= 0 && (uint64_t)value <= most) return 1;
    linnet_refuse(call->env, name, value < 0 ? "is negative" : "is too large");
    return 0;
}

#endif

/* How the types of the generated functions travel. Written by hand.
 *
 * Errors are thrown by the typemap of linnet_call, which is the last to run before the arguments
 * are freed: $cleanup first, for a plain return would leak what `freearg` releases. */

%define LINNET_CHECKED_IN(OPEN)
    $1 = OPEN;
    if ((*jenv)->ExceptionCheck(jenv)) {
        $cleanup
        return $null;
    }
%enddef

%typemap(in, numinputs=0) linnet_call * (linnet_call call) {
    call.env = jenv;
    call.status = LINNET_OK;
    $1 = &call;
}
%typemap(argout) linnet_call * {
    if ($1->status != LINNET_OK) {
        linnet_throw_status($1);
        $cleanup
        return $null;
    }
}

%define LINNET_TEXT(TYPE, NULLABLE)
%typemap(jni) const TYPE * "jstring"
%typemap(jtype) const TYPE * "String"
%typemap(jstype) const TYPE * "String"
%typemap(javain) const TYPE * "$javainput"
%typemap(javaout) const TYPE * { return $jnicall; }
%typemap(in) const TYPE * {
    LINNET_CHECKED_IN(linnet_text_open(jenv, $input, "$1_name", NULLABLE))
}
%typemap(out) const TYPE * "$result = linnet_text_made(jenv, $1);"
%typemap(freearg) const TYPE * "free((void *)$1);"
%enddef
LINNET_TEXT(linnet_text, 0)
LINNET_TEXT(linnet_text_or_null, 1)

%define LINNET_ARRAY(TYPE, WRITABLE, NULLABLE, ONLY_DIRECT)
%typemap(jni) TYPE * "jobject"
%typemap(jtype) TYPE * "Object"
%typemap(jstype) TYPE * "Object"
%typemap(javain) TYPE * "$javainput"
%typemap(in) TYPE * {
    LINNET_CHECKED_IN(linnet_array_open(jenv, $input, "$1_name", WRITABLE, NULLABLE, ONLY_DIRECT))
}
%typemap(freearg) TYPE * "linnet_array_close(jenv, $1);"
%enddef
LINNET_ARRAY(linnet_array_in, 0, 0, 0)
LINNET_ARRAY(linnet_array_in_or_null, 0, 1, 0)
LINNET_ARRAY(linnet_array_retained, 0, 0, 1)
LINNET_ARRAY(linnet_array_out, 1, 0, 0)

%typemap(jni) jobjectArray "jobjectArray"
%typemap(jtype) jobjectArray "String[]"
%typemap(jstype) jobjectArray "String[]"
%typemap(javain) jobjectArray "$javainput"
%typemap(in) jobjectArray "$1 = $input;"

/* Opaque C objects are numbers in Java; NativeHandle keeps them from being used after close. */
%define LINNET_HANDLE(TYPE)
%typemap(jni) TYPE * "jlong"
%typemap(jtype) TYPE * "long"
%typemap(jstype) TYPE * "long"
%typemap(javain) TYPE * "$javainput"
%typemap(javaout) TYPE * { return $jnicall; }
%typemap(in) TYPE * "$1 = ($1_ltype)(intptr_t)$input;"
%typemap(out) TYPE * "$result = (jlong)(intptr_t)$1;"
%enddef

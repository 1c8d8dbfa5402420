#pragma once

/// Marks a text that a screen shows, and says under which context translators find it. The text itself stays as it is:
/// core knows no translation, ui/ asks for it with the same context. lupdate takes the macro for QT_TRANSLATE_NOOP, see
/// resources/translations/extract.
#define ENROLL_TEXT(context, text) text

#pragma once

/// Marks an English text that a screen shows, for translators, and names its context. The value is the text itself:
/// core does not translate; ui/ looks the translation up under the same context. resources/translations/extract makes
/// lupdate treat the macro as QT_TRANSLATE_NOOP.
#define ENROLL_TEXT(context, text) text

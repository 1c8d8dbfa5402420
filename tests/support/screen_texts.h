#pragma once

#include <QStringList>

class QWidget;

namespace enroll::test {

/// Every piece of text that \p widget and its children paint, in the order of painting. A line that is broken or cut
/// comes as it is painted: in pieces, with an ellipsis.
QStringList paintedTexts(QWidget& widget);

/// What a person sees, hears or is told by the window system: painted texts, tool tips, accessible names and
/// descriptions, window titles, of everything that is not hidden.
QStringList visibleTexts(QWidget& widget);

/// Those of \p texts that hold a letter of English outside \p known words, codes ("D-118") and digests ("94a4 0c84
/// 8f86"): nobody translated them. Meant for a program that runs in the pseudo-language.
QStringList untranslated(const QStringList& texts, const QStringList& known = {});

} // namespace enroll::test

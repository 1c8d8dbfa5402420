#pragma once

#include "core/base/error.h"

#include <QString>

namespace enroll::ui {

/// "D-118": the same in every language.
QString codeText(ErrorCode code);
/// The catalog's texts in the language of the application. \p subject fills the placeholder of a headline that has one;
/// if it is empty, kUnknownSubject does.
QString headlineText(ErrorCode code, const QString& subject = {});
QString instructionText(ErrorCode code);
/// That of a device whose run \p code decided as \p outcome: instructionFor().
QString instructionText(ErrorCode code, Outcome outcome);
/// A text of a stored document, which a newer or another program may have written: printableText().
QString documentText(const std::string& text);
inline QString headlineText(const Error& error)
{
    return headlineText(error.code, QString::fromStdString(error.subject));
}

} // namespace enroll::ui

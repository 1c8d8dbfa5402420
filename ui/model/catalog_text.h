#pragma once

#include "core/base/error.h"

#include <QString>

namespace enroll::ui {

/// "D-118": the same in every language.
QString codeText(ErrorCode code);
/// The catalog's texts in the language of the application. A headline that speaks of a subject names \p subject, or
/// kUnknownSubject where that is empty.
QString headlineText(ErrorCode code, const QString& subject = {});
QString instructionText(ErrorCode code);
inline QString headlineText(const Error& error)
{
    return headlineText(error.code, QString::fromStdString(error.subject));
}

} // namespace enroll::ui

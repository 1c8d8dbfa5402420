#pragma once

#include "db/qt/values.h"

#include <QJsonArray>
#include <QJsonValue>

namespace enroll::app::enrollctl {

/// null for an empty text.
QJsonValue textOrNull(std::string_view utf8);

/// `[document(value), …]`
template <class Range, class Document>
QJsonArray listOf(const Range& values, Document document)
{
    QJsonArray list;
    for (const auto& value : values) {
        list.append(document(value));
    }
    return list;
}

} // namespace enroll::app::enrollctl

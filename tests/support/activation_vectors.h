#pragma once

#include "tests/support/test_data.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace enroll::test {

/// tests/data/activation-vectors.json: a worked activation challenge with every value in between.
class ActivationVectors {
public:
    /// "credential.seed": a text of the document; the path's parts are joined by dots.
    [[nodiscard]] std::string text(const char* path) const
    {
        auto value = QJsonValue{m_root};
        const auto parts = QString::fromLatin1(path).split(QLatin1Char{'.'});
        for (const auto& part : parts) {
            value = value.toObject().value(part);
        }
        return value.toString().toStdString();
    }
    /// The same, from hexadecimal.
    [[nodiscard]] Bytes bytes(const char* path) const { return hex(text(path)); }

private:
    static QJsonObject read()
    {
        const auto content = testData("activation-vectors.json");
        const auto text = asText(content);
        return QJsonDocument::fromJson({text.data(), static_cast<qsizetype>(text.size())}).object();
    }
    QJsonObject m_root = read();
};

} // namespace enroll::test

#include "app/enrollctl/label_text.h"

#include <QList>
#include <QStringDecoder>

#include <algorithm>

namespace enroll::app::enrollctl {

std::string labelFault(const std::string& text)
{
    constexpr qsizetype kLongest = 64;
    QStringDecoder decoder{QStringDecoder::Utf8};
    const QString decoded = decoder.decode(QByteArrayView{text.data(), static_cast<qsizetype>(text.size())});
    const auto characters = decoded.toUcs4();
    const bool printable = std::ranges::all_of(
        characters, [](auto character) { return QChar::isPrint(static_cast<char32_t>(character)); });
    if (decoder.hasError() || !printable || characters.isEmpty() || characters.size() > kLongest) {
        return "must be 1 to " + std::to_string(kLongest) + " printable characters";
    }
    return {};
}

} // namespace enroll::app::enrollctl

#include "core/attestation/ek_template_phrase.h"

#include "core/attestation/public_area.h"
#include "core/base/text.h"

namespace enroll::attestation {
namespace {

/// The words of the templates that a key may have been made from.
std::vector<std::string_view> fittingTemplates(ByteView publicArea)
{
    std::vector<std::string_view> words;
    const auto area = parsePublic(publicArea);
    for (const auto& row : ekCatalog()) {
        if (area.ok() && looksLike(*area, row)) {
            words.push_back(*row.word);
        }
    }
    return words;
}

} // namespace

std::string ekTemplatePhrase(const Word<EkTemplate>& kind, ByteView publicArea)
{
    if (kind != Word<EkTemplate>{EkTemplate::Unknown}) {
        return std::string{ekTemplateText(kind)};
    }
    const auto words = fittingTemplates(publicArea);
    return words.empty() ? "made from none of the TCG's templates" : joined(words, " or ");
}

} // namespace enroll::attestation

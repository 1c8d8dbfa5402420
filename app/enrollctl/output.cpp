#include "app/enrollctl/output.h"

#include "core/base/assert.h"
#include "core/base/device_code.h"
#include "core/base/text.h"
#include "core/delivery/claimed_elsewhere.h"
#include "db/documents/json_text.h"
#include "db/qt/values.h"

namespace enroll::app::enrollctl {

using db::qt::toQString;
namespace {

std::string_view ansiOf(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Pass:
        return "\033[1;32m";
    case Outcome::Fail:
        return "\033[1;31m";
    case Outcome::Hold:
        return "\033[1;33m";
    case Outcome::StationFault:
        return "\033[1;35m";
    case Outcome::Aborted:
        return "\033[1m";
    }
    return "";
}

/// The cause of an error, with the file, command or number that it concerns.
std::string reasonOf(const Error& error)
{
    constexpr std::size_t kColonAndSpace = 2;
    return describeForLog(error).substr(describe(error.code).text.size() + kColonAndSpace);
}

struct Words {
    std::string headline;
    std::string_view nextStep;
};

/// Headline and next step of an error. For a stop they are not the catalog's, which speak of a stopped test: here a
/// command was stopped, since a stopped test is shown as a run and not as an error. Nor are they for an upload that found
/// its destination taken: nobody has to close the station for it.
Words wordsOf(const Error& error)
{
    if (delivery::isClaimedElsewhere(error)) {
        return {headlineOf(error), "Nothing is to be done: the station that runs sends the records itself. Once it is "
                                   "stopped, upload again."};
    }
    if (error.code == DeviceCode::Cancelled) {
        return {"The command was stopped before its end.", "Start it again to finish what it had left."};
    }
    return {headlineOf(error), describe(error.code).instruction};
}

std::string errorText(const Error& error)
{
    const auto words = wordsOf(error);
    return std::string{describe(error.code).text} + "  " + words.headline + "\n       " + reasonOf(error) +
           "\n       " + std::string{words.nextStep} + "\n";
}

} // namespace

void Output::result(const QJsonObject& object, std::string_view text)
{
    if (m_style.form == OutputForm::Json) {
        document(object);
        return;
    }
    plain(text);
}

void Output::plain(std::string_view text)
{
    m_out << shown(text) << std::flush;
}

void Output::progress(std::string_view line)
{
    if (m_style.verbosity == Verbosity::Normal) {
        m_err << printableText(line) << '\n' << std::flush;
    }
}

void Output::warning(std::string_view line)
{
    m_err << "WARNING: " << printableText(line) << '\n' << std::flush;
}

void Output::error(const Error& error)
{
    notice(error);
    if (m_style.form == OutputForm::Json && !m_documentWritten) {
        document(errorDocument(error));
    }
}

void Output::notice(const Error& error)
{
    m_err << errorText(error) << std::flush;
}

std::string Output::coloured(Outcome outcome, std::string_view word) const
{
    if (m_style.colour == Colour::Plain) {
        return std::string{word};
    }
    return std::string{ansiOf(outcome)} + std::string{word} + "\033[0m";
}

void Output::document(const QJsonObject& object)
{
    ENROLL_ASSERT(!m_documentWritten, "one command writes one document");
    m_documentWritten = true;
    m_out << db::documents::readableJson(object).constData() << std::flush;
}

std::string Output::shown(std::string_view text) const
{
    for (const auto outcome : kAllOutcomes) {
        const auto own = coloured(outcome, outcomeWord(outcome));
        if (const auto at = text.find(own); m_style.colour == Colour::Ansi && at != std::string_view::npos) {
            return shown(text.substr(0, at)) + own + shown(text.substr(at + own.size()));
        }
    }
    return printableLines(text);
}

QJsonObject errorDocument(const Error& error)
{
    const auto words = wordsOf(error);
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/error/1")},
            {QStringLiteral("code"), toQString(describe(error.code).text)},
            {QStringLiteral("headline"), toQString(words.headline)},
            {QStringLiteral("nextStep"), toQString(words.nextStep)},
            {QStringLiteral("detail"), toQString(reasonOf(error))}};
}

std::string Output::outcomeShown(const Word<Outcome>& outcome) const
{
    const auto* known = outcome.known();
    return known ? coloured(*known, outcomeWord(*known)) : printableText(outcomeWord(outcome));
}

std::string_view outcomeWord(const Word<Outcome>& outcome) noexcept
{
    return wordText(outcome, [](Outcome known) { return outcomeWord(known); });
}

std::string_view outcomeWord(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Pass:
        return "PASS";
    case Outcome::Fail:
        return "FAIL";
    case Outcome::Hold:
        return "HOLD";
    case Outcome::StationFault:
        return "STATION FAULT";
    case Outcome::Aborted:
        return "ABORTED";
    }
    return "STATION FAULT";
}

} // namespace enroll::app::enrollctl

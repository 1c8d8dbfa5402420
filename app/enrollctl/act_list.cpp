#include "app/enrollctl/act_list.h"

#include "app/enrollctl/counted.h"
#include "app/enrollctl/json_values.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

using db::journal::StoredAct;
using station::Act;
using station::ActCause;
using station::ActKind;

constexpr std::size_t kTimeWidth = 24; // "2026-11-23T20:14:03.000Z"
constexpr std::size_t kDigitsOfDigest = 12;

std::string column(std::string_view words, std::size_t width)
{
    auto text = printableText(words);
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

std::string whoIn(const Act& act)
{
    const auto account = act.account ? "account " + *act.account : std::string{};
    if (!act.operatorId) {
        return account.empty() ? "-" : account;
    }
    return act.operatorId->text() + (account.empty() ? "" : " (" + account + ")");
}

template <class Id>
void add(std::vector<std::string>& details, const char* before, const std::optional<Id>& id)
{
    if (id) {
        details.push_back(before + id->text());
    }
}

std::string countText(const Act& act)
{
    const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(*act.count, 0));
    return counted(count, act.what == Word<ActKind>{ActKind::ActsLost} ? "act" : "record");
}

void add(std::vector<std::string>& details, std::span<const station::FileStamp> files)
{
    for (const auto& stamp : files) {
        details.push_back(stamp.file + " " + stamp.sha256.substr(0, kDigitsOfDigest));
    }
}

void addStart(std::vector<std::string>& details, const Act& act)
{
    if (act.software) {
        details.push_back("version " + act.software->version);
    }
    if (act.profile) {
        details.push_back("profile " + act.profile->name + " version " + act.profile->version + " " +
                          act.profile->sha256.substr(0, kDigitsOfDigest));
    }
    add(details, act.configuration);
}

std::string causeText(const Word<ActCause>& cause)
{
    if (cause == Word<ActCause>{ActCause::Device}) {
        return "whose device came";
    }
    return cause == Word<ActCause>{ActCause::Scan} ? "which was scanned" : *cause.unknownText();
}

void addReplacement(std::vector<std::string>& details, const Act& act)
{
    add(details, "replaced by ", act.nextSerialNumber);
    if (act.cause) {
        details.push_back(causeText(*act.cause));
    }
}

std::string detailsOf(const Act& act)
{
    std::vector<std::string> details;
    add(details, "", act.person);
    add(details, "in place of ", act.inPlaceOf);
    if (act.slot) {
        details.push_back("slot " + std::to_string(act.slot->value));
    }
    add(details, "", act.serialNumber);
    add(details, "run ", act.runId);
    addReplacement(details, act);
    add(details, "", act.batch);
    if (act.code) {
        details.emplace_back(codeText(*act.code));
    }
    if (act.count) {
        details.push_back(countText(act));
    }
    if (act.screen) {
        details.push_back(*act.screen);
    }
    if (act.millimetres) {
        details.push_back(std::to_string(*act.millimetres) + " mm wide");
    }
    addStart(details, act);
    add(details, act.files);
    if (act.reason) {
        details.push_back(*act.reason);
    }
    return printableText(joined(details));
}

/// As wide as the widest of what stands in them, and no narrower than usual.
struct Widths {
    std::size_t who = 24;  // "account ana as root"
    std::size_t what = 20; // "records-queued-again"
};

Widths widthsOf(std::span<const StoredAct> acts)
{
    Widths widths;
    for (const auto& stored : acts) {
        if (stored.act) {
            widths.who = std::max(widths.who, printableText(whoIn(*stored.act)).size());
            widths.what = std::max(widths.what, printableText(station::actKindText(stored.act->what)).size());
        }
    }
    return widths;
}

std::string lineOf(const StoredAct& stored, const Widths& widths)
{
    const auto* newer = stored.notUnderstood.empty() ? "" : "  (written by a newer program)";
    if (!stored.act) {
        return column(stored.writtenAt, kTimeWidth) + "entry " + std::to_string(stored.seq) + newer + "\n";
    }
    const auto& act = *stored.act;
    auto line = column(toIso8601(act.at), kTimeWidth) + column(whoIn(act), widths.who) +
                column(station::actKindText(act.what), widths.what) + detailsOf(act);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + newer + "\n";
}

QJsonObject documentOf(const StoredAct& stored)
{
    auto document = stored.document;
    document.insert(QStringLiteral("seq"), static_cast<qint64>(stored.seq));
    document.insert(QStringLiteral("writtenAt"), db::qt::toQString(stored.writtenAt));
    return document;
}

} // namespace

QJsonObject actListDocument(std::span<const StoredAct> acts)
{
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/act-list/1")},
            {QStringLiteral("acts"), listOf(acts, documentOf)}};
}

std::string actListText(std::span<const StoredAct> acts)
{
    if (acts.empty()) {
        return "no acts\n";
    }
    const auto widths = widthsOf(acts);
    auto text = column("WHEN", kTimeWidth) + column("WHO", widths.who) + column("WHAT", widths.what) + "OF WHAT\n";
    for (const auto& stored : acts) {
        text += lineOf(stored, widths);
    }
    return text;
}

} // namespace enroll::app::enrollctl

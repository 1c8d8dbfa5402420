#include "db/dps/held_enrollment.h"

#include "core/enrollment/registration_id.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/json_text.h"
#include "db/qt/values.h"

#include <QJsonArray>

#include <algorithm>

namespace enroll::db::dps {
namespace {

constexpr qsizetype kMostShown = 60;

constexpr QLatin1String kDeviceId{"deviceId"};
constexpr QLatin1String kRegistrationId{"registrationId"};

std::string shown(const QJsonValue& value)
{
    if (value.isUndefined()) {
        return "nothing";
    }
    const auto list = QString::fromUtf8(documents::canonicalJson(QJsonArray{value}));
    const auto text = list.mid(1, list.size() - 2);
    return (text.size() > kMostShown ? text.left(kMostShown) + QStringLiteral("…") : text).toStdString();
}

/// What the service means where it leaves a member out.
QJsonValue orDefault(const QString& path, const QJsonValue& held)
{
    if (!held.isUndefined() && !held.isNull()) {
        return held;
    }
    if (path == QLatin1String("provisioningStatus")) {
        return QStringLiteral("enabled");
    }
    return path == QLatin1String("capabilities.iotEdge") ? QJsonValue{false} : held;
}

QStringList namesIn(const QJsonValue& list)
{
    QStringList names;
    for (const auto& name : list.toArray()) {
        names.append(name.toString().toLower());
    }
    names.sort();
    names.removeDuplicates();
    return names;
}

bool isWord(const QString& path)
{
    return path == QLatin1String("provisioningStatus") || path == QLatin1String("allocationPolicy");
}

bool sameValue(const QString& path, const QJsonValue& wanted, const QJsonValue& held)
{
    if (path == QLatin1String("iotHubs")) {
        return held.isArray() && namesIn(wanted) == namesIn(held);
    }
    if (isWord(path)) {
        return wanted.toString().compare(held.toString(), Qt::CaseInsensitive) == 0;
    }
    if (wanted.isNull()) {
        return held.isNull() || held.isUndefined();
    }
    return wanted.isDouble() && held.isDouble() ? wanted.toDouble() == held.toDouble() : wanted == held;
}

void compareMembers(const QString& parent, const QJsonObject& wanted, const QJsonObject& held,
                    std::vector<MemberDifference>& found)
{
    for (auto member = wanted.begin(); member != wanted.end(); ++member) {
        const auto path = parent + member.key();
        const auto there = orDefault(path, held.value(member.key()));
        const bool inside = member->isObject() && (there.isObject() || there.isUndefined() || there.isNull());
        if (inside) {
            compareMembers(path + QLatin1Char('.'), member->toObject(), there.toObject(), found);
        } else if (!sameValue(path, *member, there)) {
            found.push_back({path.toStdString(), shown(*member), shown(there)});
        }
    }
}

/// A device without an id of its own is called by its registration id, whose letter case says nothing.
void compareDeviceId(const QString& wanted, const enrollment::RegistrationId& id, const QJsonObject& held,
                     std::vector<MemberDifference>& found)
{
    const auto own = held.value(kDeviceId).toString();
    const auto there = own.isEmpty() ? held.value(kRegistrationId).toString() : own;
    const bool same = wanted.isEmpty()
                          ? enrollment::sameRegistrationId(id, enrollment::RegistrationId{there.toStdString()})
                          : wanted == there;
    if (!same) {
        found.push_back({"deviceId", shown(wanted.isEmpty() ? qt::toQString(id.text()) : wanted), shown(there)});
    }
}

} // namespace

std::vector<MemberDifference> differences(const provisioning::IndividualEnrollment& wanted, const QJsonObject& held)
{
    auto members = documents::toJson(wanted);
    members.remove(QStringLiteral("attestation"));
    members.remove(kRegistrationId);
    std::vector<MemberDifference> found;
    compareDeviceId(members.take(kDeviceId).toString(), wanted.registrationId, held, found);
    compareMembers({}, members, held, found);
    return found;
}

std::string differencesText(const std::vector<MemberDifference>& differences)
{
    std::string text;
    for (const auto& [member, wanted, held] : differences) {
        text += text.empty() ? "" : "; ";
        text += member;
        text += " is ";
        text += held;
        text += " at the service and ";
        text += wanted;
        text += " in the record";
    }
    return text;
}

} // namespace enroll::db::dps

#include "db/screens/screens_file.h"

#include "core/base/recoded.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/documents/evidence_document.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::screens {
namespace {

namespace fs = std::filesystem;
using documents::MemberReader;
using documents::VersionReader;
using qt::toQString;
using station::MeasuredScreen;
using station::MeasuredScreens;

// Some hundred bytes for each screen; more is no file of this program's.
constexpr std::size_t kLongest = std::size_t{64} * 1024;

QJsonObject toJson(const MeasuredScreen& measured)
{
    const auto& screen = measured.screen;
    return {{QLatin1String("connector"), toQString(screen.connector)},
            {QLatin1String("model"), toQString(screen.model)},
            {QLatin1String("serial"), toQString(screen.serial)},
            {QLatin1String("widthPixels"), screen.widthPixels},
            {QLatin1String("heightPixels"), screen.heightPixels},
            {QLatin1String("widthMillimetres"), measured.widthMillimetres}};
}

Result<int> pixelsFrom(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(const int pixels, reader.integerAs<int>(name));
    return pixels > 0 ? Result<int>{pixels} : reader.fault(name, "is not above zero");
}

Result<MeasuredScreen> screenFrom(const MemberReader& reader)
{
    MeasuredScreen measured;
    TRY_ASSIGN(measured.screen.connector, reader.text("connector"));
    TRY_ASSIGN(measured.screen.model, reader.text("model"));
    TRY_ASSIGN(measured.screen.serial, reader.text("serial"));
    TRY_ASSIGN(measured.screen.widthPixels, pixelsFrom(reader, "widthPixels"));
    TRY_ASSIGN(measured.screen.heightPixels, pixelsFrom(reader, "heightPixels"));
    TRY_ASSIGN(measured.widthMillimetres, reader.number("widthMillimetres"));
    if (!(measured.widthMillimetres > 0)) {
        return reader.fault("widthMillimetres", "is not above zero");
    }
    return measured;
}

Result<MeasuredScreens> readVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(const auto screens, documents::listFrom(reader, "screens", screenFrom));
    return MeasuredScreens{screens};
}

constexpr std::array kReaders{
    VersionReader<MeasuredScreens>{1, readVersion1},
};

} // namespace

QByteArray screensText(const MeasuredScreens& screens)
{
    QJsonArray list;
    for (const auto& measured : screens.all()) {
        list.append(toJson(measured));
    }
    return documents::readableJson(
        {{QLatin1String("schema"), toQString(kScreensSchema)}, {QLatin1String("screens"), list}});
}

Result<MeasuredScreens> screensFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    return documents::readByVersion(MemberReader{document}, kScreensDocument, kReaders);
}

fs::path screensFile(const fs::path& dataDirectory)
{
    return dataDirectory / "screens.json";
}

Result<MeasuredScreens> readScreens(const fs::path& dataDirectory)
{
    const auto file = screensFile(dataDirectory);
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return MeasuredScreens{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLongest));
    return prefixed(file.string() + ": ", screensFromText(text));
}

Result<void> writeScreens(const fs::path& dataDirectory, const MeasuredScreens& screens)
{
    return system::writeDurably(screensFile(dataDirectory), qt::viewOf(screensText(screens)),
                                system::FileMode::OwnerOnly);
}

} // namespace enroll::db::screens

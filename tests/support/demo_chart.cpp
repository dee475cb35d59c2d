#include "tests/support/demo_chart.hpp"

#include "base/sha256.hpp"

#include <zlib.h>

#include <cstdio>
#include <random>
#include <stdexcept>

namespace pilothouse::tests {

namespace {

void add_member(std::string& tar, std::string const& path, std::string const& bytes,
                std::int64_t modified) {
    std::string header(512, '\0');
    auto const field = [&](std::size_t at, std::size_t width, unsigned long long value) {
        std::snprintf(header.data() + at, width, "%0*llo", static_cast<int>(width - 1), value);
    };
    header.replace(0, path.size(), path);
    field(100, 8, 0644);
    field(108, 8, 0);
    field(116, 8, 0);
    field(124, 12, bytes.size());
    field(136, 12, static_cast<unsigned long long>(modified));
    header[156] = '0';
    header.replace(257, 8,
                   std::string("ustar\0"
                               "00",
                               8));
    header.replace(148, 8, "        ");
    unsigned sum = 0;
    for (char const c : header) sum += static_cast<unsigned char>(c);
    std::snprintf(header.data() + 148, 8, "%06o", sum);
    tar += header + bytes;
    tar.append((512 - bytes.size() % 512) % 512, '\0');
}

std::string gzip(std::string const& bytes) {
    z_stream z{};
    if (deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("no deflate");
    std::string out(deflateBound(&z, bytes.size()) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

}  // namespace

std::string demo_chart(std::string const& name, std::string const& version,
                       std::string const& values, std::int64_t modified, std::size_t padding) {
    std::string tar;
    add_member(tar, name + "/Chart.yaml",
               "apiVersion: v2\nname: " + name + "\nversion: \"" + version +
                   "\"\ndescription: A chart for tests.\n",
               modified);
    add_member(tar, name + "/values.yaml", values, modified);
    add_member(tar, name + "/templates/none.txt", "nothing\n", modified);
    if (padding > 0) {
        std::mt19937 random(1);
        std::string noise(padding, '\0');
        for (char& c : noise) c = static_cast<char>(random());
        add_member(tar, name + "/files/noise", noise, modified);
    }
    tar.append(1024, '\0');
    return gzip(tar);
}

std::string demo_provenance(std::string const& name, std::string const& version,
                            std::string const& archive) {
    return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\napiVersion: v2\nname: " + name +
           "\nversion: " + version + "\n\n...\nfiles:\n  " + name + "-" + version +
           ".tgz: sha256:" + sha256(archive).hex() +
           "\n-----BEGIN PGP SIGNATURE-----\n\nwsBc\n-----END PGP SIGNATURE-----\n";
}

}  // namespace pilothouse::tests

package memory

import (
	"strings"
	"testing"
	"testing/fstest"
)

// machine returns a file system of the given files and their contents.
func machine(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

const (
	v2Mounts = "22 1 8:1 / / rw - ext4 /dev/vda rw\n31 22 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
	v1Mounts = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
		"35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	hybrid = v1Mounts + "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
)

var machines = []struct {
	name  string
	files map[string]string
	limit int64 // 0 where there is none
}{
	{"no control groups", nil, 0},
	{"no mounts", map[string]string{"proc/self/cgroup": "0::/\n"}, 0},
	{"version 2, a container that sees itself as the root", map[string]string{
		"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2Mounts, "sys/fs/cgroup/memory.max": "536870912\n",
	}, 512 << 20},
	{"version 2, unlimited", map[string]string{
		"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": v2Mounts, "sys/fs/cgroup/memory.max": "max\n",
	}, 0},
	{"version 2, on the host, where one above is the lowest", map[string]string{
		"proc/self/cgroup": "0::/ci/job 7/step\n", "proc/self/mountinfo": v2Mounts,
		"sys/fs/cgroup/ci/job 7/step/memory.max": "max\n", "sys/fs/cgroup/ci/job 7/memory.max": "1000\n", "sys/fs/cgroup/ci/memory.max": "2000\n",
	}, 1000},
	{"version 2, a group that is not to be seen", map[string]string{
		"proc/self/cgroup": "0::/../../outside\n", "proc/self/mountinfo": v2Mounts, "sys/fs/cgroup/memory.max": "4096\n",
	}, 4096},
	{"version 2, mounted elsewhere, at a place with a blank", map[string]string{
		"proc/self/cgroup": "0::/a\n", "proc/self/mountinfo": strings.ReplaceAll(v2Mounts, "/sys/fs/cgroup", `/mnt/c\040g`), "mnt/c g/a/memory.max": "77\n",
	}, 77},
	{"version 1, a container in the host's name space", map[string]string{
		"proc/self/cgroup": "9:name=systemd:/docker/1f\n4:memory:/docker/1f\n1:cpu,cpuacct:/docker/1f\n", "proc/self/mountinfo": strings.ReplaceAll(v1Mounts, "0:32 /", "0:32 /docker/1f"),
		"sys/fs/cgroup/memory/memory.limit_in_bytes": "134217728\n",
	}, 128 << 20},
	{"version 1, a group of its own", map[string]string{
		"proc/self/cgroup": "4:memory:/job\n", "proc/self/mountinfo": v1Mounts,
		"sys/fs/cgroup/memory/job/memory.limit_in_bytes": "99\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
	}, 99},
	{"version 1, unlimited", map[string]string{
		"proc/self/cgroup": "4:memory:/\n", "proc/self/mountinfo": v1Mounts, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
	}, 0},
	{"both versions, and memory is with the first", map[string]string{
		"proc/self/cgroup": "4:hugetlb,memory:/x\n0::/\n", "proc/self/mountinfo": hybrid, "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "1234\n",
	}, 1234},
	{"nonsense", map[string]string{
		"proc/self/cgroup": "4:memory\n::\n0::/a\n\n", "proc/self/mountinfo": " - \n - cgroup2\na b c d e - cgroup2 x rw\n" + v2Mounts,
		"sys/fs/cgroup/a/memory.max": "-5\n", "sys/fs/cgroup/memory.max": "99999999999999999999\n",
	}, 0},
}

func TestLimit(t *testing.T) {
	for _, m := range machines {
		got, ok := limit(machine(m.files))
		if ok != (m.limit > 0) || ok && got != m.limit {
			t.Errorf("%s: got %d, %v; want %d", m.name, got, ok, m.limit)
		}
	}
}

// The goal leaves a third of the limit or more to others, is not so low that it is useless,
// and never goes over what it is without a limit.
func TestGoal(t *testing.T) {
	const most = 256 << 20
	for _, m := range machines {
		got := Goal(machine(m.files), most)
		switch {
		case m.limit == 0 || m.limit >= 2*most:
			if got != most {
				t.Errorf("%s: got %d, want %d", m.name, got, most)
			}
		case got > m.limit*2/3 || m.limit > 1<<20 && got < m.limit/2:
			t.Errorf("%s: got %d of %d", m.name, got, m.limit)
		}
	}
}

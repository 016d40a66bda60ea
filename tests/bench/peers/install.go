package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The peers' versions on PyPI. The package of Flink's jars is what apache-flink, which is Flink for Python, is built on.
const (
	flinkPackage = "apache-flink-libraries"
	flinkVersion = "2.3.0"
	sparkPackage = "pyspark"
	sparkVersion = "4.3.0"
)

// installation is where everything is.
type installation struct {
	source   string // this folder of the repository
	flink    string // with lib and bin
	jars     string // of Spark
	built    string // of our Java, a folder a module
	streamdb string
	commit   string // of the tree; if a binary was given, its path
}

// install brings to the cache what is not there yet, and builds what is ours.
func install(ctx context.Context, c config) (i installation, err error) {
	root, err := output(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/streamdb/streamdb")
	if err != nil {
		return i, err
	}
	i.source, i.built = filepath.Join(root, "tests", "bench", "peers"), filepath.Join(c.cache, "build")
	packages := filepath.Join(c.cache, "packages")
	i.flink, i.jars = filepath.Join(packages, "pyflink"), filepath.Join(packages, "pyspark", "jars")
	if err := download(ctx, packages, i.flinkJar("dist"), flinkPackage+"=="+flinkVersion); err != nil {
		return i, err
	}
	if err := download(ctx, packages, i.sparkJar("sql"), sparkPackage+"=="+sparkVersion); err != nil {
		return i, err
	}
	i.streamdb, i.commit = c.streamdb, c.streamdb
	if i.streamdb == "" {
		if i.commit, err = output(ctx, root, "git", "rev-parse", "--short", "HEAD"); err != nil {
			return i, err
		}
		i.streamdb = filepath.Join(c.cache, "streamdb")
		if err := command(ctx, root, "go", "build", "-o", i.streamdb, "./cmd/streamdb"); err != nil {
			return i, err
		}
	}
	return i, command(ctx, i.source, "mvn", "-q", "-B", "-Dtarget="+i.built, "-Dflink.version="+flinkVersion, "-Dflink.lib="+filepath.Join(i.flink, "lib"),
		"-Dspark.version="+sparkVersion, "-Dspark.jars="+i.jars, "package")
}

func (i installation) flinkJar(name string) string {
	return filepath.Join(i.flink, "lib", "flink-"+name+"-"+flinkVersion+".jar")
}

func (i installation) sparkJar(name string) string {
	return filepath.Join(i.jars, "spark-"+name+"_2.13-"+sparkVersion+".jar")
}

// classPath is that of a module of ours and of the peer's jars.
func (i installation) classPath(module, jars string) string {
	return filepath.Join(jars, "*") + string(filepath.ListSeparator) + filepath.Join(i.built, module, "*")
}

// download installs a package, without what it depends on (Python's side is not needed), if a file of it is not there.
func download(ctx context.Context, folder, file, pinned string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if err := command(ctx, "", "python3", "-m", "pip", "install", "-q", "--root-user-action=ignore", "--no-deps", "--upgrade", "--target", folder, pinned); err != nil {
		return err
	}
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("%s has no such file: %w", pinned, err)
	}
	return nil
}

// command runs a program whose output goes to the user.
func command(ctx context.Context, dir, name string, args ...string) error {
	fmt.Fprintln(os.Stderr, name, strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// output is what a program prints.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}
